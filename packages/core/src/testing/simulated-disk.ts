/**
 * A disk in memory that fails on demand: the world the engine's tests live in. One seed decides the
 * order in which calls finish, what a failing call leaves behind and what a crash keeps, so a seed
 * replays a run.
 *
 * ```
 *   process ── mount() ──► SimulatedFileSystem ──► issue ─► gate ─► queue ─► volume (files, names)
 *                                                    └ counted, and failed if a fault waits for it
 * ```
 * Invariants
 * - A finished write is visible to every reader at once, survives `crash('process')`, and survives
 *   `crash('power')` if a datasync of that file began after it and finished. Nothing else is
 *   promised.
 * - A call in flight at a crash happened, did not happen, or (a write) happened in part; it
 *   rejects.
 * - A crashed process never touches the disk again: every later call of its file system rejects.
 *
 * Not simulated: directories lost in a power cut, links, sparse space, permissions, short reads.
 */
import { assert } from '../assert.ts';
import { HoldfastError } from '../errors.ts';
import { type CallOrder, CallQueue, type QueuedCall } from './call-queue.ts';
import {
  type DiskCall,
  type DiskCallKind,
  type Fault,
  type FaultEffect,
  type FaultOptions,
  FaultPlan,
  type MetFault,
  noCalls,
  type SectorPlace,
  type StrayWriteOptions,
} from './disk-faults.ts';
import { settle } from './manual-clock.ts';
import { NativeError, type NativeErrorCode, translated } from './native-error.ts';
import { SeededRandom } from './seeded-random.ts';
import type { PowerCutOutcome, SectorDamage } from './simulated-file.ts';
import { SimulatedFileSystem } from './simulated-file-system.ts';
import { processDied, type SimulatedProcess } from './simulated-process.ts';
import { SimulatedVolume } from './simulated-volume.ts';

export interface SimulatedDiskOptions {
  /** Default 1. */
  readonly seed?: number;
  /** Bytes that reach the platter together or tear. Default 512. */
  readonly sectorBytes?: number;
  /** `NO_SPACE` beyond this many bytes of file content. Default `Infinity`. */
  readonly capacityBytes?: number;
  /**
   * Whether a sector that a power cut kept from a grown file may show what a deleted file held
   * there (no journal of data), instead of zeros. Default false.
   */
  readonly staleSectors?: boolean;
  /** Default `any`: even two calls on one file may overtake each other while both are in flight. */
  readonly order?: CallOrder;
}

export interface CrashOptions {
  /** What a power cut does with bytes and names that were never synced. Default `random`. */
  readonly outcome?: PowerCutOutcome;
  /** `process` only: kills just this one. Default: every process. */
  readonly only?: SimulatedFileSystem;
}

/** What a process does to the disk; the file system describes each call by one of these. */
export interface DiskOperation<T> {
  readonly call: DiskCall;
  execute(): T;
  /** Leaves behind what a call that did not get to its end may. Default: all of it, or nothing. */
  leave?(effect: LeftEffect): void;
  /** Does all of it but a sector, which lands somewhere else. */
  stray?(onto: SectorPlace | undefined): T;
}

/** How far a call got that failed, or that a crash `interrupted`. */
export type LeftEffect = FaultEffect | 'interrupted';

/** The state of a disk at one moment; see `SimulatedDisk.restore`. */
export interface DiskSnapshot {
  /** @internal */
  readonly volume: SimulatedVolume;
}

interface Flight extends QueuedCall {
  readonly process: SimulatedProcess;
  die(): void;
}

export class SimulatedDisk {
  /** Bytes of file content that fit. */
  capacityBytes: number;
  /** While true, `datasync` and `syncDirectory` succeed and do nothing; `data`: only `datasync`. */
  syncLies: boolean | 'data' = false;
  /** Holds a call until the promise resolves; undefined lets it pass. Not for blocking calls. */
  gate: ((call: DiskCall) => Promise<void> | undefined) | undefined;

  /** @internal */
  readonly random: SeededRandom;
  readonly #options: SimulatedDiskOptions;
  readonly #faults = new FaultPlan();
  readonly #queue: CallQueue;
  readonly #inFlight = new Set<Flight>();
  readonly #processes = new Set<SimulatedProcess>();
  readonly #locks = new Map<string, SimulatedProcess>();
  #volume: SimulatedVolume;
  #nextPid = 1001;
  #counts = noCalls();
  #bytesWritten = 0;
  #bytesRead = 0;

  constructor(options: SimulatedDiskOptions = {}) {
    this.#options = options;
    this.capacityBytes = options.capacityBytes ?? Number.POSITIVE_INFINITY;
    this.random = new SeededRandom(options.seed ?? 1);
    this.#queue = new CallQueue(this.random, options.order ?? 'any');
    this.#volume = new SimulatedVolume(options.sectorBytes ?? 512, options.staleSectors);
  }

  // ---- processes and crashes

  /** A new process's view of the disk. Several can be alive at once. */
  mount(): SimulatedFileSystem {
    const process = { pid: this.#nextPid++, isAlive: true, openFiles: new Set<never>() };
    this.#processes.add(process);
    return new SimulatedFileSystem(this, process);
  }

  /**
   * `process`: kill -9. What was written stays; calls in flight are lost, done or (writes) done in
   * part.
   * `power`: besides, whatever was not synced is kept, lost or torn, each sector, size and name by
   * itself.
   */
  crash(kind: 'process' | 'power', options: CrashOptions = {}): void {
    assert(kind === 'process' || options.only === undefined, 'a power cut ends every process');
    for (const process of [...this.#processes]) {
      if (options.only === undefined || options.only.process === process) this.#kill(process);
    }
    if (kind === 'power') this.#volume.cutPower(this.random, options.outcome ?? 'random');
  }

  #kill(process: SimulatedProcess): void {
    process.isAlive = false;
    for (const flight of [...this.#inFlight]) if (flight.process === process) flight.die();
    for (const [directory, holder] of this.#locks) {
      if (holder === process) this.#locks.delete(directory);
    }
    process.openFiles.clear();
    this.#processes.delete(process);
  }

  // ---- time: what is in flight

  /** Whether calls are being carried out; calls that a gate or a pause holds do not count. */
  get isBusy(): boolean {
    return this.#queue.isBusy;
  }

  /** How many calls have been issued and not carried out, held ones included. */
  get inFlightCount(): number {
    return this.#inFlight.size;
  }

  /** The calls that wait for their turn; those a gate holds are not among them. */
  get waitingCalls(): readonly DiskCall[] {
    return this.#queue.waiting;
  }

  /** Carries nothing out until `resume` or `step`. */
  pause(): void {
    this.#queue.pause();
  }

  resume(): void {
    this.#queue.resume();
  }

  /** Carries out one waiting call that `accepts` names (default: any); false if there is none. */
  step(accepts?: (call: DiskCall) => boolean): boolean {
    return this.#queue.step(accepts);
  }

  /** Resolves when no call is being carried out any more, nor any that follows from one. */
  idle(): Promise<void> {
    return settle(() => this.isBusy);
  }

  // ---- faults

  fail(options: FaultOptions): Fault {
    return this.#faults.add(options);
  }

  /** The `nth` call from now (counted from 1) fails; `kind` and `path` say which calls count. */
  failNth(
    nth: number,
    code: NativeErrorCode = 'EIO',
    options: Omit<FaultOptions, 'nth' | 'code'> = {},
  ): Fault {
    return this.#faults.add({ ...options, nth, code });
  }

  /** A write reports success, and one of its sectors is lost or lands elsewhere. */
  strayWrite(options: StrayWriteOptions = {}): Fault {
    return this.#faults.add({ ...options, code: 'STRAY' });
  }

  clearFaults(): void {
    this.#faults.clear();
    this.syncLies = false;
    this.gate = undefined;
  }

  // ---- counters

  /** Calls issued since the last `resetCounts`, by kind, failed ones included. */
  get counts(): Readonly<Record<DiskCallKind, number>> {
    return { ...this.#counts };
  }

  /** Calls of every kind since the last `resetCounts`. */
  get callCount(): number {
    return Object.values(this.#counts).reduce((sum, count) => sum + count, 0);
  }

  /** Bytes handed to `write` and `writeSync`, failed ones included. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Bytes asked for by `read` and `readSync`. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  resetCounts(): void {
    this.#counts = noCalls();
    this.#bytesWritten = this.#bytesRead = 0;
  }

  // ---- behind the engine's back: at once, durable, never failing

  list(directory: string): string[] {
    return this.#volume.list(directory).sort();
  }

  exists(path: string): boolean {
    return this.#volume.has(path);
  }

  /** Whether a failed sync has left part of it to readers only: no later sync brings it. */
  hasLostSectors(path: string): boolean {
    return this.#volume.find(path).hasLostSectors;
  }

  /** A copy of the file as readers see it. */
  read(path: string): Uint8Array {
    return this.#volume.find(path).bytes();
  }

  /** Writes a whole file, a new one if need be. */
  replace(path: string, bytes: Uint8Array): void {
    const file = this.#volume.has(path) ? this.#volume.find(path) : this.#volume.create(path);
    file.replace(bytes);
    this.#volume.syncName(path);
  }

  truncate(path: string, size: number): void {
    const bytes = this.read(path);
    assert(size >= 0 && size <= bytes.length, 'truncate only shortens');
    this.replace(path, bytes.subarray(0, size));
  }

  remove(path: string): void {
    this.#volume.find(path);
    this.#volume.remove(path);
    this.#volume.syncName(path);
  }

  /** Flips the bits of `mask` (default the lowest) in one byte. */
  flip(path: string, offset: number, mask = 1): void {
    this.#volume.find(path).flip(offset, mask);
  }

  /** Damages one sector; an `unreadable` one fails every read until it is written again. */
  rot(path: string, sector: number, damage: SectorDamage): void {
    this.#volume.find(path).rot(sector, damage, this.random);
  }

  /** Bytes of file content, deleted files that are still open included. */
  get bytesUsed(): number {
    const open = [...this.#processes].flatMap((process) => [...process.openFiles]);
    return this.#volume.bytesUsed(open.map((handle) => handle.file));
  }

  snapshot(): DiskSnapshot {
    return { volume: this.#volume.clone() };
  }

  /** Puts the disk back; every process dies. A snapshot can be restored any number of times. */
  restore(snapshot: DiskSnapshot): void {
    this.crash('process');
    this.#volume = snapshot.volume.clone();
  }

  /**
   * Another disk with the same bytes, names and unsynced changes, and no processes, faults or
   * counts.
   */
  clone(seed = 1): SimulatedDisk {
    const copy = new SimulatedDisk({ ...this.#options, seed, capacityBytes: this.capacityBytes });
    copy.#volume = this.#volume.clone();
    return copy;
  }

  // ---- for SimulatedFileSystem

  /** @internal */
  get volume(): SimulatedVolume {
    return this.#volume;
  }

  /** @internal */
  get locks(): Map<string, SimulatedProcess> {
    return this.#locks;
  }

  /** Carries an operation out later. @internal */
  async issue<T>(process: SimulatedProcess, operation: DiskOperation<T>): Promise<T> {
    const { call } = operation;
    const fault = this.#admit(process, call);
    return await new Promise<T>((resolve, reject) => {
      const flight: Flight = {
        process,
        call,
        run: () => {
          this.#inFlight.delete(flight);
          try {
            resolve(this.#perform(operation, fault));
          } catch (error) {
            reject(translated(error));
          }
        },
        die: () => {
          this.#inFlight.delete(flight);
          this.#queue.drop(flight);
          this.#performPart(operation, 'interrupted');
          reject(processDied());
        },
      };
      this.#inFlight.add(flight);
      const held = this.gate?.(call);
      if (held === undefined) this.#queue.add(flight);
      else void held.then(() => this.#inFlight.has(flight) && this.#queue.add(flight));
    });
  }

  /** Carries an operation out now. @internal */
  issueNow<T>(process: SimulatedProcess, operation: DiskOperation<T>): T {
    const fault = this.#admit(process, operation.call);
    try {
      return this.#perform(operation, fault);
    } catch (error) {
      throw translated(error);
    }
  }

  #admit(process: SimulatedProcess, call: DiskCall): MetFault | undefined {
    if (!process.isAlive) throw processDied();
    this.#counts[call.kind]++;
    if (call.kind === 'write') this.#bytesWritten += call.bytes;
    if (call.kind === 'read') this.#bytesRead += call.bytes;
    return this.#faults.meet(call);
  }

  #perform<T>(operation: DiskOperation<T>, fault: MetFault | undefined): T {
    if (fault === undefined) return operation.execute();
    if (fault.code === 'STRAY') {
      assert(operation.stray !== undefined, 'only writes go astray');
      return operation.stray(fault.onto);
    }
    const isOfBytes = operation.call.kind === 'write' || operation.call.kind === 'datasync';
    this.#performPart(operation, fault.effect ?? (isOfBytes ? 'random' : 'none'));
    throw new NativeError(fault.code, operation.call.path);
  }

  #performPart(operation: DiskOperation<unknown>, effect: LeftEffect): void {
    try {
      if (operation.leave !== undefined) operation.leave(effect);
      else if (effect === 'all') operation.execute();
      else if (effect !== 'none' && this.random.chance(0.5)) operation.execute();
    } catch (error) {
      // The caller learns of the fault instead; anything else is a bug of ours.
      if (!(error instanceof NativeError) && !(error instanceof HoldfastError)) throw error;
    }
  }
}
