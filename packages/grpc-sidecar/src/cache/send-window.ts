/**
 * How much may be on its way to clients at once. One value may be awaited by thousands, and each of
 * them is sent a copy: 1,000 of 1 MiB took 1 GiB, and nobody else was served while they were made.
 *
 *     asked to send ─► waits its turn ─► on its way (≤ the bound together) ─► handed to the socket
 *
 * One that is larger than the bound goes alone.
 */
import type { Clock } from '@holdfast/core/ports';

/** A client that does not read has its place no longer than this, so that others are served. */
const SENDING_MS_MAX = 10_000;

interface Waiting {
  readonly bytes: number;
  readonly start: () => void;
}

export class SendWindow {
  readonly #bytesMax: number;
  readonly #clock: Clock;
  readonly #queue = new Set<Waiting>();
  #bytes = 0;

  constructor(bytesMax: number, clock: Clock) {
    this.#bytesMax = bytesMax;
    this.#clock = clock;
  }

  /**
   * Calls `write` when it is its turn, and resolves once that has said that it is done. Rejects
   * with the signal's reason.
   */
  async send(
    bytes: number,
    signal: AbortSignal,
    write: (onSent: () => void) => void,
  ): Promise<void> {
    signal.throwIfAborted();
    if (this.#queue.size > 0 || !this.#hasRoom(bytes)) await this.#turn(bytes, signal);
    else this.#bytes += bytes;
    try {
      await this.#written(signal, write);
    } finally {
      this.#bytes -= bytes;
      this.#admit();
    }
  }

  #hasRoom(bytes: number): boolean {
    return this.#bytes === 0 || this.#bytes + bytes <= this.#bytesMax;
  }

  #turn(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#queue.delete(waiting);
        reject(signal.reason);
        // It may have been the one that the others waited behind.
        this.#admit();
      };
      const start = (): void => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting: Waiting = { bytes, start };
      this.#queue.add(waiting);
      signal.addEventListener('abort', leave, { once: true });
    });
  }

  #admit(): void {
    for (const waiting of this.#queue) {
      if (!this.#hasRoom(waiting.bytes)) return;
      this.#queue.delete(waiting);
      this.#bytes += waiting.bytes;
      waiting.start();
    }
  }

  #written(signal: AbortSignal, write: (onSent: () => void) => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        timer.cancel();
        signal.removeEventListener('abort', fail);
        settle();
      };
      const fail = (): void => end(() => reject(signal.reason));
      const sent = (): void => end(resolve);
      const timer = this.#clock.startTimer(SENDING_MS_MAX, 'background', sent);
      signal.addEventListener('abort', fail, { once: true });
      write(sent);
    });
  }
}
