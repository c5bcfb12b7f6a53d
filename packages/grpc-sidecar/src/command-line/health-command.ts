import { Command } from 'commander';
import { EXIT_CODES_HELP, EXIT_FAILED, EXIT_OK } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';

interface HealthFlags extends ServerFlags {
  readonly service: string;
}

/** `grpc.health.v1.HealthCheckResponse.SERVING`, by number where the loader gives numbers. */
const SERVING: readonly unknown[] = ['SERVING', 1];

/** `holdfast health`. */
export function healthCommand(): Command {
  return addServerOptions(new Command('health'))
    .description('ask a server whether it is ready')
    .option('--service <name>', 'readiness, liveness, or a gRPC service', 'readiness')
    .addHelpText('after', EXIT_CODES_HELP)
    .action(runHealth);
}

async function runHealth(flags: HealthFlags): Promise<void> {
  const { address, service } = flags;
  const { service: healthService } = await import('grpc-health-check');
  const answer = await callServer(flags, healthService.Check!, { service });
  const isServing = SERVING.includes((answer as { status?: unknown }).status);
  const status = isServing ? 'SERVING' : 'NOT_SERVING';
  if (flags.json === true) console.log(JSON.stringify({ address, service, status }));
  else console.log(`${address} ${service}: ${status}`);
  process.exitCode = isServing ? EXIT_OK : EXIT_FAILED;
}
