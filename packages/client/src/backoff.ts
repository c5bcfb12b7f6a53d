import type { Random } from '@holdfast/core/ports';

const DELAY_MS_MIN = 20;

/**
 * How long to wait before the next attempt to connect: doubling from 20 ms up to a limit, each
 * delay spread over its upper half, so that a thousand clients of a restarted server do not come
 * back at once.
 */
export class Backoff {
  readonly #delayMsMax: number;
  readonly #random: Random;
  #attempts = 0;

  constructor(delayMsMax: number, random: Random) {
    this.#delayMsMax = delayMsMax;
    this.#random = random;
  }

  /** Milliseconds until the next attempt; each call counts as one failure. */
  nextDelayMs(): number {
    // 2^30 is past any limit; the bound keeps the number finite however long the server stays away.
    const doubled = DELAY_MS_MIN * 2 ** Math.min(this.#attempts++, 30);
    const [byte = 0] = this.#random.fill(new Uint8Array(1));
    return Math.min(doubled, this.#delayMsMax) * (0.5 + byte / 510);
  }

  /** An attempt succeeded: the next failure starts from the shortest delay. */
  reset(): void {
    this.#attempts = 0;
  }
}
