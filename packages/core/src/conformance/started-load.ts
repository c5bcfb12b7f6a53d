import { Deferred } from '../engine/deferred.ts';

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
