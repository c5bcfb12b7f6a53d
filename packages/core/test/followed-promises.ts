import { fail } from './history-failure.ts';

/** L1: the promises of an engine, none of which may be left when everything has come to rest. */
export class FollowedPromises {
  readonly #pending = new Map<Promise<unknown>, string>();

  follow(what: string, promise: Promise<unknown>, onRejected: (error: unknown) => void): void {
    const followed: Promise<unknown> = promise.then(
      () => void this.#pending.delete(followed),
      (error: unknown) => {
        this.#pending.delete(followed);
        onRejected(error);
      },
    );
    this.#pending.set(followed, what);
  }

  /** Gives those that are about to settle their turns. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 200 && this.#pending.size > 0; turn++) await Promise.resolve();
  }

  check(): void {
    const left = [...this.#pending.values()];
    if (left.length > 0) fail('L1', `never settled: ${left.join(', ')}`);
  }

  /** Those of a process that died are nobody's any more. */
  forget(): void {
    this.#pending.clear();
  }
}
