import type { Clock } from '../ports/clock.ts';
import { type CompactionResult, compact } from './compaction.ts';
import type { EngineParts } from './engine-parts.ts';
import type { VerifyReport } from './verification.ts';

/**
 * Between two looks at what is under way: the disk has a thousand of them (see `compact`) to end
 * the write of a segment that is to go. The cleaner goes on by itself meanwhile.
 */
const TURN_MS = 1;

/** What is done to a whole store because somebody asks for it. */
export class Maintenance {
  #isClosed = false;
  #endTurn: (() => void) | undefined;
  readonly #parts: EngineParts;
  readonly #timers: Clock;
  #compacting: Promise<CompactionResult> | undefined;

  constructor(parts: EngineParts, timers: Clock) {
    this.#parts = parts;
    this.#timers = timers;
  }

  /** Frees what is dead; resolves when the files are gone. A second call joins the first. */
  compact(): Promise<CompactionResult> {
    const engine = { isClosed: () => this.#isClosed, nextTurn: () => this.#nextTurn() };
    this.#compacting ??= compact(this.#parts, engine).finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  /** What is under way ends with `CLOSED`, and leaves no timer. */
  close(): void {
    this.#isClosed = true;
    this.#endTurn?.();
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#timers.startTimer(TURN_MS, 'foreground', resolve);
      this.#endTurn = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  /** Reads every file back and checks every record; changes nothing. */
  verify(): Promise<VerifyReport> {
    return this.#parts.verification.run();
  }
}
