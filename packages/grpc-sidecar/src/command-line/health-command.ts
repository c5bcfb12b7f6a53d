import { credentials, makeClientConstructor, type ServiceError } from '@grpc/grpc-js';
import { durationMs, HoldfastError } from '@holdfast/core';
import { Command } from 'commander';
import { service as healthService } from 'grpc-health-check';
import { LISTEN_ADDRESS_DEFAULT } from '../server/listen-address.ts';
import { EXIT_CODES_HELP, EXIT_FAILED, EXIT_OK } from './exit-codes.ts';

interface HealthFlags {
  readonly address: string;
  readonly service: string;
  readonly timeout: number;
  readonly json?: true;
}

interface HealthClient {
  check(
    request: { service: string },
    options: { deadline: number },
    callback: (error: ServiceError | null, response?: { status: string | number }) => void,
  ): unknown;
  close(): void;
}

/** `grpc.health.v1.HealthCheckResponse.SERVING`, by number where the loader gives numbers. */
const SERVING: readonly (string | number | undefined)[] = ['SERVING', 1];

/** `holdfast health`. */
export function healthCommand(): Command {
  return new Command('health')
    .description('ask a server whether it is ready')
    .option(
      '-a, --address <address>',
      'host:port, http://host:port or unix:path; HOLDFAST_ADDRESS if set',
      process.env.HOLDFAST_ADDRESS ?? LISTEN_ADDRESS_DEFAULT,
    )
    .option('--service <name>', 'readiness, liveness, or a gRPC service', 'readiness')
    .option(
      '--timeout <duration>',
      'longest to wait',
      (text) => durationMs(text as '1s', 'timeout'),
      2_000,
    )
    .option('--json', 'print JSON')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(runHealth);
}

async function runHealth(flags: HealthFlags): Promise<void> {
  const status = await check(flags);
  const isServing = status === 'SERVING';
  const { address, service } = flags;
  if (flags.json === true) console.log(JSON.stringify({ address, service, status }));
  else console.log(`${address} ${service}: ${status}`);
  process.exitCode = isServing ? EXIT_OK : EXIT_FAILED;
}

function check({ address, service, timeout }: HealthFlags): Promise<string> {
  const Client = makeClientConstructor(healthService, 'grpc.health.v1.Health');
  const target = address.replace(/^http:\/\/([^/]*)\/?$/, '$1');
  // A proxy of the environment is for the outside, and would answer in the server's place.
  const options = { 'grpc.enable_http_proxy': 0 };
  const credential = credentials.createInsecure();
  const client = new Client(target, credential, options) as unknown as HealthClient;
  return new Promise<string>((resolve, reject) => {
    client.check({ service }, { deadline: Date.now() + timeout }, (error, response) => {
      if (error === null) {
        resolve(SERVING.includes(response?.status) ? 'SERVING' : 'NOT_SERVING');
      } else
        reject(new HoldfastError('UNAVAILABLE', `no answer, address=${address}: ${error.details}`));
    });
  }).finally(() => client.close());
}
