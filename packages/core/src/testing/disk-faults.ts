/**
 * What goes wrong on a simulated disk, and when: faults wait for the calls they match and count
 * them down.
 */
import { assert } from '../assert.ts';
import type { NativeErrorCode } from './native-error.ts';

/** Every call of the `FileSystem` port; a blocking one (`readSync`) counts as its twin (`read`). */
export const DISK_CALL_KINDS = [
  'createDirectory',
  'list',
  'open',
  'rename',
  'remove',
  'syncDirectory',
  'lockDirectory',
  'size',
  'read',
  'write',
  'datasync',
  'close',
] as const;

export type DiskCallKind = (typeof DISK_CALL_KINDS)[number];

/** One call, as faults and gates see it. */
export interface DiskCall {
  readonly kind: DiskCallKind;
  readonly path: string;
  /** Bytes asked for, of `read` and `write`. */
  readonly bytes: number;
  /** Where in the file, of `read` and `write`. */
  readonly position: number;
  /** For `openSync`, `readSync` and `writeSync`, which a gate cannot hold. */
  readonly blocking: boolean;
}

/** How much of a failing call happens all the same. */
export type FaultEffect = 'none' | 'some' | 'all' | 'random';

export interface FaultOptions {
  readonly code: NativeErrorCode;
  /** Only calls of this kind, or of any of these. Default: every call. */
  readonly kind?: DiskCallKind | readonly DiskCallKind[];
  /** Only calls on paths this accepts. Default: every path. */
  readonly path?: (path: string) => boolean;
  /** The first matching call to fail, counted from 1. Default 1. */
  readonly nth?: number;
  /** How many matching calls fail from there on. Default 1; `Infinity` until cancelled. */
  readonly times?: number;
  /** Default `random` for writes (a short write), `none` for other calls. */
  readonly effect?: FaultEffect;
}

/** A fault that was asked for. */
export interface Fault {
  /** How many calls it has failed so far. */
  readonly firedCount: number;
  cancel(): void;
}

interface WaitingFault {
  readonly options: FaultOptions;
  matchedCount: number;
  firedCount: number;
}

export class FaultPlan {
  readonly #waiting = new Set<WaitingFault>();

  add(options: FaultOptions): Fault {
    assert((options.nth ?? 1) >= 1, 'the first call is number 1');
    const fault: WaitingFault = { options, matchedCount: 0, firedCount: 0 };
    this.#waiting.add(fault);
    return {
      get firedCount() {
        return fault.firedCount;
      },
      cancel: () => void this.#waiting.delete(fault),
    };
  }

  clear(): void {
    this.#waiting.clear();
  }

  /** Counts one call, and answers with the fault it runs into, if any. */
  meet(call: DiskCall): FaultOptions | undefined {
    let met: FaultOptions | undefined;
    for (const fault of this.#waiting) {
      if (!matches(fault.options, call)) continue;
      fault.matchedCount++;
      const first = fault.options.nth ?? 1;
      const last = first + (fault.options.times ?? 1) - 1;
      if (fault.matchedCount < first) continue;
      if (fault.matchedCount >= last) this.#waiting.delete(fault);
      fault.firedCount++;
      met ??= fault.options;
    }
    return met;
  }
}

function matches({ kind, path }: FaultOptions, call: DiskCall): boolean {
  if (kind !== undefined && ![kind].flat().includes(call.kind)) return false;
  return path === undefined || path(call.path);
}
