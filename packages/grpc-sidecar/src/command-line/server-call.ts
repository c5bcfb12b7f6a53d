/** Calls to a running server: the options that name it, and one unary call at a time. */
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import {
  durationMs,
  HOLDFAST_ERROR_CODES,
  HoldfastError,
  InvalidArgumentError,
} from '@holdfast/core';
import { type Command, Option } from 'commander';
import { LISTEN_ADDRESS_DEFAULT } from '../server/listen-address.ts';

export interface AddressFlags {
  readonly address: string;
  readonly timeout: number;
}

export interface ServerFlags extends AddressFlags {
  readonly json?: true;
}

/** What of a method's definition a call needs. */
interface Method<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

const TIMEOUT_DEFAULT = '2s';

/** Of calls that go through a whole store. */
export const LONG_TIMEOUT = '1h';

export function addServerOptions(command: Command, timeout: string = TIMEOUT_DEFAULT): Command {
  return addAddressOptions(command, timeout).option('--json', 'print JSON');
}

export function addAddressOptions(command: Command, timeout: string = TIMEOUT_DEFAULT): Command {
  return command
    .option(
      '-a, --address <address>',
      'host:port, http://host:port or unix:path; HOLDFAST_ADDRESS if set',
      process.env.HOLDFAST_ADDRESS ?? LISTEN_ADDRESS_DEFAULT,
    )
    .addOption(
      new Option('--timeout <duration>', 'longest to wait for an answer')
        .argParser(parseTimeout)
        .default(parseTimeout(timeout), timeout),
    );
}

function parseTimeout(text: string): number {
  return durationMs(text as '1s', 'timeout');
}

/** Rejects with the server's error, or with `UNAVAILABLE` if none answers in time. */
export function callServer<Request, Response>(
  { address, timeout }: AddressFlags,
  method: Method<Request, Response>,
  request: Request,
): Promise<Response> {
  const client = openClient(address);
  const { path, requestSerialize, responseDeserialize } = method;
  const options = { deadline: Date.now() + timeout };
  return new Promise<Response>((resolve, reject) => {
    client.makeUnaryRequest(
      ...[path, requestSerialize, responseDeserialize, request, new Metadata(), options],
      (error, response) => {
        if (error === null && response !== undefined) resolve(response);
        else reject(errorOf(address, error));
      },
    );
  }).finally(() => client.close());
}

/**
 * What the server says until it or the reader ends. Throws the server's error, or `UNAVAILABLE` if
 * none is reached in time.
 */
export async function* streamFromServer<Request, Response>(
  { address, timeout }: AddressFlags,
  method: Method<Request, Response>,
  request: Request,
): AsyncGenerator<Response> {
  const client = openClient(address);
  try {
    await new Promise<void>((resolve, reject) => {
      client.waitForReady(Date.now() + timeout, (error) => {
        if (error === undefined) resolve();
        else reject(new HoldfastError('UNAVAILABLE', `no answer, address=${address}`));
      });
    });
    const { path, requestSerialize, responseDeserialize } = method;
    yield* client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request);
  } catch (error) {
    throw error instanceof HoldfastError ? error : errorOf(address, error as ServiceError);
  } finally {
    client.close();
  }
}

function openClient(address: string): Client {
  const target = address.replace(/^http:\/\/([^/]*)\/?$/, '$1');
  return new Client(target, credentials.createInsecure(), {
    // A proxy of the environment is for the outside, and would answer in the server's place.
    'grpc.enable_http_proxy': 0,
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });
}

/** The server's own message begins with the code; any other comes from the transport. */
function errorOf(address: string, error: ServiceError | null): HoldfastError {
  const details = error?.details ?? 'nothing';
  const code = HOLDFAST_ERROR_CODES.find((known) => details.startsWith(`${known}: `));
  if (code === undefined) {
    return new HoldfastError('UNAVAILABLE', `no answer, address=${address}: ${details}`);
  }
  const message = details.slice(code.length + 2);
  return code === 'INVALID_ARGUMENT'
    ? new InvalidArgumentError(message)
    : new HoldfastError(code, message);
}
