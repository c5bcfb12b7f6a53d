import type { GetOrSetOptions } from '../cache/entry.ts';
import { Deferred } from '../engine/deferred.ts';
import type { JudgedCache } from './judged-cache.ts';

/** A loader that tells when it runs, and ends when told to. */
export interface StartedLoad {
  readonly loader: (context: { readonly signal: AbortSignal }) => Promise<unknown>;
  readonly started: Promise<AbortSignal>;
  readonly finish: (value: unknown) => void;
}

export function startedLoad(): StartedLoad {
  const start = new Deferred<AbortSignal>();
  const end = new Deferred<unknown>();
  return {
    loader: ({ signal }) => {
      start.resolve(signal);
      return end.promise;
    },
    started: start.promise,
    finish: (value) => end.resolve(value),
  };
}

/** What it rejects with; `undefined` if it does not. */
export function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Asks until the load in the background is over. */
export async function askUntil(
  cache: JudgedCache,
  key: string,
  value: unknown,
  options: GetOrSetOptions = {},
): Promise<void> {
  const all = { staleWhileRevalidate: '1h', ...options } as const;
  for (let turn = 0; turn < 100; turn++) {
    if ((await cache.getOrSet(key, () => value, all)) === value) return;
  }
  throw new Error(`expected ${String(value)} to come`);
}
