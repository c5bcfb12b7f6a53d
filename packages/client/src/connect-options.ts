import {
  assertKnownOptions,
  type Duration,
  type HoldfastError,
  InvalidArgumentError,
} from '@holdfast/core';
import type { LockBackend } from '@holdfast/core/backend';
import { LEASE_TTL_MS_DEFAULT, leaseTtlMs } from '@holdfast/core/client';
import { optionalMs, optionalSignal } from './optional-arguments.ts';

/**
 * How far locks exclude others: within one process, among all clients of a server, or of a cluster.
 */
export type LockScope = LockBackend['scope'];

/** How a client connects and behaves. Every field has a default. */
export interface ConnectOptions {
  /**
   * Shown to operators as the holder of this client's leases. Default `'holdfast-client'`, at most
   * 256 bytes.
   */
  readonly clientName?: string | undefined;
  /**
   * More about this client for operators, such as a pod's name; 32 entries at most, 4,096 bytes.
   * Default none.
   */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** How long `connect` tries to reach the server. Default `'5s'`. */
  readonly connectTimeout?: Duration | undefined;
  /** Ends `connect` early; a client that is connected already does not mind. */
  readonly signal?: AbortSignal | undefined;
  /**
   * How long a cache call may take before it fails with `UNAVAILABLE`; each call can say otherwise.
   * Default `'5s'`.
   */
  readonly timeout?: Duration | undefined;
  /**
   * How long this client's leases live without being renewed (which the client does by itself,
   * three times as often), and so the longest a lock stays held after this process dies. 100 ms to
   * 24 h, default `'15s'`; a lock that asks for another `ttl` gets a session of its own.
   */
  readonly sessionTtl?: Duration | undefined;
  /**
   * How far locks have to exclude others at least: `connect` and every lock reject with
   * `INVALID_ARGUMENT` (reason `SCOPE_UNAVAILABLE`) where they do not. Default: as far as the
   * server's do, which `info()` tells.
   */
  readonly scope?: LockScope | undefined;
  /**
   * Told of what fails without failing a call: that the value of a `getOrSet` was not found or not
   * stored. Default: nobody is.
   */
  readonly onError?: ((error: HoldfastError) => void) | undefined;
  /** The longest pause between two attempts to reconnect. Default `'1s'`. */
  readonly reconnectDelayMax?: Duration | undefined;
  /** Operations sent in one batch at most, 1 to 1,024. Default 128. */
  readonly batchOperationsMax?: number | undefined;
  /** Bytes of keys and values after which a batch is closed. Default 1 MiB. */
  readonly batchBytesMax?: number | undefined;
  /** Batches sent and not answered at most. Default 8. */
  readonly batchesInFlightMax?: number | undefined;
  /**
   * Bytes of keys and values of unanswered calls, past which further calls fail with `UNAVAILABLE`.
   * Default 256 MiB.
   */
  readonly pendingBytesMax?: number | undefined;
}

/** The same, checked, with its defaults, in milliseconds. @internal */
export interface ClientSettings {
  readonly clientName: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly connectTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  readonly sessionTtlMs: number;
  readonly scope: LockScope | undefined;
  readonly onError: (error: HoldfastError) => void;
  readonly reconnectDelayMsMax: number;
  readonly batchOperationsMax: number;
  readonly batchBytesMax: number;
  readonly batchesInFlightMax: number;
  readonly pendingBytesMax: number;
}

const KNOWN_OPTIONS: ReadonlySet<string> = new Set<keyof ConnectOptions>([
  'clientName',
  'metadata',
  'connectTimeout',
  'signal',
  'timeout',
  'sessionTtl',
  'scope',
  'onError',
  'reconnectDelayMax',
  'batchOperationsMax',
  'batchBytesMax',
  'batchesInFlightMax',
  'pendingBytesMax',
]);

const CLIENT_NAME_BYTES_MAX = 256;

/** Throws `InvalidArgumentError` for an option that is unknown or out of range. @internal */
export function clientSettings(options: ConnectOptions = {}): ClientSettings {
  assertKnownOptions(options, KNOWN_OPTIONS, 'connect');
  return {
    clientName: clientName(options.clientName),
    metadata: metadata(options.metadata),
    connectTimeoutMs: optionalMs(options.connectTimeout, 'connectTimeout') ?? 5_000,
    signal: optionalSignal(options.signal),
    timeoutMs: optionalMs(options.timeout, 'timeout') ?? 5_000,
    sessionTtlMs: leaseTtlMs(options.sessionTtl ?? LEASE_TTL_MS_DEFAULT),
    scope: scopeOption(options.scope),
    onError: listener(options.onError),
    reconnectDelayMsMax: reconnectDelayMsMax(options.reconnectDelayMax),
    batchOperationsMax: count(options.batchOperationsMax, 'batchOperationsMax', 128, 1_024),
    batchBytesMax: count(options.batchBytesMax, 'batchBytesMax', 2 ** 20, 2 ** 24),
    batchesInFlightMax: count(options.batchesInFlightMax, 'batchesInFlightMax', 8, 1_024),
    pendingBytesMax: count(options.pendingBytesMax, 'pendingBytesMax', 2 ** 28, 2 ** 40),
  };
}

/** From the narrowest on. */
const SCOPES: readonly LockScope[] = ['process', 'server', 'cluster'];

/**
 * Throws `INVALID_ARGUMENT` (`SCOPE_UNAVAILABLE`) if `available` excludes less far than asked for.
 */
export function assertScope(asked: LockScope, available: LockScope): void {
  if (SCOPES.indexOf(asked) <= SCOPES.indexOf(available)) return;
  throw new InvalidArgumentError(`the server's locks do not exclude that far, scope=${available}`, {
    reason: 'SCOPE_UNAVAILABLE',
    scope: available,
  });
}

function scopeOption(scope: LockScope | undefined): LockScope | undefined {
  if (scope === undefined || SCOPES.includes(scope)) return scope;
  throw new InvalidArgumentError(`scope must be ${SCOPES.join(', ')}, got=${String(scope)}`);
}

function listener(onError: ConnectOptions['onError'] = () => {}): ClientSettings['onError'] {
  if (typeof onError === 'function') return onError;
  throw new InvalidArgumentError(`onError must be a function, got=${String(onError)}`);
}

function clientName(name = 'holdfast-client'): string {
  if (typeof name !== 'string' || name === '' || utf8Bytes(name) > CLIENT_NAME_BYTES_MAX) {
    throw new InvalidArgumentError(
      `clientName must be 1 to ${CLIENT_NAME_BYTES_MAX} bytes, got=${String(name)}`,
    );
  }
  return name;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}

function metadata(entries: Readonly<Record<string, string>> = {}): Record<string, string> {
  if (typeof entries !== 'object' || entries === null) {
    throw new InvalidArgumentError(`metadata must be an object, got=${String(entries)}`);
  }
  for (const [name, value] of Object.entries(entries)) {
    if (typeof value !== 'string') {
      throw new InvalidArgumentError(`metadata must hold strings only, name=${name}`);
    }
  }
  return { ...entries };
}

function reconnectDelayMsMax(duration: Duration | undefined): number {
  const ms = optionalMs(duration, 'reconnectDelayMax') ?? 1_000;
  if (ms < 1 || ms > 3_600_000) {
    throw new InvalidArgumentError(`reconnectDelayMax must be 1ms to 1h, got=${ms}`);
  }
  return ms;
}

function count(value: number | undefined, name: string, fallback: number, max: number): number {
  if (value === undefined) return fallback;
  if (!Number.isSafeInteger(value) || value < 1 || value > max) {
    throw new InvalidArgumentError(`${name} must be a whole number from 1 to ${max}, got=${value}`);
  }
  return value;
}
