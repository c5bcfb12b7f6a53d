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
  /** Default `random` for writes (a short write) and syncs (some sectors), `none` for others. */
  readonly effect?: FaultEffect;
}

/** A sector of a file, counted from 0. */
export interface SectorPlace {
  readonly path: string;
  readonly sector: number;
}

/**
 * A write that reports success while one of its sectors, the seed says which, did not arrive: it
 * went nowhere, or over another sector.
 */
export interface StrayWriteOptions {
  /** Where the sector lands. Default: nowhere. */
  readonly onto?: SectorPlace;
  /** Only writes to paths this accepts. Default: every path. */
  readonly path?: (path: string) => boolean;
  /** The matching write, counted from 1. Default 1. */
  readonly nth?: number;
}

/** A fault that was asked for. */
export interface Fault {
  /** How many calls it has failed so far. */
  readonly firedCount: number;
  cancel(): void;
}

/** What a call runs into: an error, or a success that is none. */
export type MetFault = FaultOptions | (StrayWriteOptions & { readonly code: 'STRAY' });

interface WaitingFault {
  readonly options: MetFault;
  matchedCount: number;
  firedCount: number;
}

export class FaultPlan {
  readonly #waiting = new Set<WaitingFault>();

  add(options: MetFault): Fault {
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
  meet(call: DiskCall): MetFault | undefined {
    let met: MetFault | undefined;
    for (const fault of this.#waiting) {
      if (!matches(fault.options, call)) continue;
      fault.matchedCount++;
      const first = fault.options.nth ?? 1;
      const last = first + timesOf(fault.options) - 1;
      if (fault.matchedCount < first) continue;
      if (fault.matchedCount >= last) this.#waiting.delete(fault);
      fault.firedCount++;
      met ??= fault.options;
    }
    return met;
  }
}

function timesOf(options: MetFault): number {
  return options.code === 'STRAY' ? 1 : (options.times ?? 1);
}

function matches(options: MetFault, call: DiskCall): boolean {
  const kind = options.code === 'STRAY' ? 'write' : options.kind;
  if (kind !== undefined && ![kind].flat().includes(call.kind)) return false;
  return options.path === undefined || options.path(call.path);
}

/** No calls of any kind yet. */
export function noCalls(): Record<DiskCallKind, number> {
  return Object.fromEntries(DISK_CALL_KINDS.map((kind) => [kind, 0])) as Record<
    DiskCallKind,
    number
  >;
}
