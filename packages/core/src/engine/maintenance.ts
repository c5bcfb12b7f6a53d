import type { Clock } from '../ports/clock.ts';
import { type CompactionResult, compact } from './compaction.ts';
import type { EngineParts } from './engine-parts.ts';
import type { VerifyReport } from './verification.ts';

/** What is done to a whole store because somebody asks for it. */
export class Maintenance {
  isClosed = false;
  readonly #parts: EngineParts;
  readonly #timers: Clock;
  #compacting: Promise<CompactionResult> | undefined;

  constructor(parts: EngineParts, timers: Clock) {
    this.#parts = parts;
    this.#timers = timers;
  }

  /** Frees what is dead; resolves when the files are gone. A second call joins the first. */
  compact(): Promise<CompactionResult> {
    this.#compacting ??= compact(this.#parts, this.#timers, () => this.isClosed).finally(() => {
      this.#compacting = undefined;
    });
    return this.#compacting;
  }

  /** Reads every file back and checks every record; changes nothing. */
  verify(): Promise<VerifyReport> {
    return this.#parts.verification.run();
  }
}
