/** A promise and the two ends that settle it. */
export class Deferred<T = void> {
  readonly promise: Promise<T>;
  resolve!: (value: T) => void;
  reject!: (error: Error) => void;

  constructor() {
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // A caller may not be waiting: an unawaited failure is reported elsewhere and must not end the
    // process.
    this.promise.catch(() => {});
  }
}

/** The caller may not be waiting; somebody else has heard of it. */
export function rejected(error: Error): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => {});
  return promise;
}
