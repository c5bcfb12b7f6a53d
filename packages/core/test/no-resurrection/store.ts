/**
 * The engine, reduced to what may bring old data back: no bytes, no batches, no damage. Every write
 * is synced before it is acknowledged, by a crash that may come before, between and after. The
 * rules it follows are those of `rules.ts`, where they are explained.
 */
import { isExpired, NEVER } from '../../src/expiry/expiry.ts';
import type { SeededRandom } from '../../src/testing/index.ts';
import { Files, type LogFile, type LogRecord } from './files.ts';
import type { Rules } from './rules.ts';

/** Thrown wherever the machine may stop; what was running is never continued. */
export class Crash extends Error {}

/** What the index knows of a key: the newest record and where it lies. */
interface Entry {
  readonly record: LogRecord;
  readonly file: LogFile;
}

const MAIN_RECORDS_MAX = 4;
const SHORT_TTL = 8;

export class Store {
  nowMs = 0;
  readonly log: string[] = [];
  readonly #rules: Rules;
  readonly #random: SeededRandom;
  readonly #files = new Files();
  #index = new Map<number, Entry>();
  #sequence = 0;
  /** Everything with a lower sequence is cleared. */
  #floor = 0;
  #openYoung: LogFile | undefined;
  /** By time class, as the real files are by many more. */
  #openMain = new Map<string, LogFile>();
  /** What goes on in the background, a step at a time. */
  #background: Generator<void> | undefined;

  constructor(rules: Rules, random: SeededRandom) {
    this.#rules = rules;
    this.#random = random;
  }

  // ---- what a program calls

  /** The version that a reader sees, if any. */
  get(key: number): number | undefined {
    const entry = this.#index.get(key);
    if (entry === undefined) return undefined;
    if (!this.#isExpired(entry.record)) return entry.record.version;
    if (this.#random.chance(0.5)) this.#index.delete(key);
    return undefined;
  }

  set(key: number, version: number, expiresAt: number): void {
    const hidesUntil = this.#hidingOf(this.#index.get(key));
    const record = this.#record({ kind: 'put', key, version, expiresAt, hidesUntil });
    this.#index.set(key, { record, file: this.#write(record) });
  }

  /** The same value with another deadline, perhaps an earlier one, is another write. */
  touch(key: number, version: number, expiresAt: number): void {
    if (this.get(key) !== undefined) this.set(key, version, expiresAt);
  }

  /** N1: deleting what is not there writes nothing, so nothing may be there that is not known. */
  delete(key: number): void {
    const entry = this.#index.get(key);
    if (entry === undefined) return;
    const hidesUntil = this.#hidingOf(entry);
    this.#write(this.#record({ kind: 'delete', key, version: 0, expiresAt: 0, hidesUntil }));
    this.#index.delete(key);
  }

  clear(): void {
    const blank = { key: 0, version: 0, expiresAt: 0, hidesUntil: 0 };
    const record = this.#record({ kind: 'clear', ...blank });
    if (!this.#rules.syncsClearsFirst) {
      for (const file of this.#files.of('main')) this.#unlink(file);
    }
    this.#write(record);
    this.#floor = record.sequence;
    this.#index.clear();
  }

  /** One step of whatever goes on in the background. */
  work(): void {
    this.#background ??= this.#chooseWork();
    if (this.#background?.next().done) this.#background = undefined;
  }

  /** N6: the newest record of each key counts, expired ones and tombstones included. */
  recover(): void {
    this.#files.crash(this.#random);
    this.#background = undefined;
    this.#openYoung = undefined;
    this.#openMain = new Map();
    this.#index = new Map();
    const everything = this.#files.all.flatMap((file) =>
      file.records.map((record) => ({ record, file })),
    );
    const clears = everything.filter(({ record }) => record.kind === 'clear');
    this.#floor = Math.max(this.#files.floor, ...clears.map(({ record }) => record.sequence));
    this.#sequence = Math.max(this.#floor, ...everything.map(({ record }) => record.sequence));
    const newest = new Map<number, Entry>();
    for (const entry of everything) {
      const { record } = entry;
      if (record.kind === 'clear' || record.sequence < this.#floor) continue;
      if (!this.#rules.expiredRecordsHide && this.#isExpired(record)) continue;
      const other = newest.get(record.key);
      const isNewer = this.#isNewer(entry, other);
      if (isNewer) newest.set(record.key, entry);
      if (other?.record.sequence === record.sequence) {
        this.#noteInterrupted(isNewer ? other.file : entry.file);
      }
    }
    for (const [key, entry] of newest) {
      if (entry.record.kind === 'put' && !this.#isExpired(entry.record))
        this.#index.set(key, entry);
    }
    this.log.push('recovered');
  }

  /** `entry` comes from a file at least as new as that of `other`. */
  #isNewer({ record, file }: Entry, other: Entry | undefined): boolean {
    if (other === undefined) return true;
    if (record.sequence !== other.record.sequence) return record.sequence > other.record.sequence;
    if (record.kind !== other.record.kind) {
      return (record.kind === 'delete') === this.#rules.tombstonesWinTies;
    }
    if (file.generation === other.file.generation) return true;
    return (file.generation === 'main') === this.#rules.mainWinsTies;
  }

  /** Two records of one sequence: a crash came before the file of one of them was unlinked. */
  #noteInterrupted(file: LogFile): void {
    file.isInterrupted = file.generation === 'main' && this.#rules.freesInterruptedFirst;
  }

  // ---- writing

  #record(content: Omit<LogRecord, 'sequence'>): LogRecord {
    return { ...content, sequence: ++this.#sequence };
  }

  /** N2: until when a write has to hide what lies in main of its key. */
  #hidingOf(replaced: Entry | undefined): number {
    if (replaced === undefined) return 0;
    const { record, file } = replaced;
    const mayBeInMain =
      (file.generation === 'main' && this.#rules.hidesRecordsInMain) ||
      (file.isBeingFreed && this.#rules.hidesRecordsBeingFreed);
    const inherited = this.#rules.inheritsHiding ? record.hidesUntil : 0;
    return Math.max(inherited, mayBeInMain ? record.expiresAt : 0);
  }

  /** Appends to the young log and syncs. */
  #write(record: LogRecord): LogFile {
    const isFull = (this.#openYoung?.records.length ?? 0) >= 3 + this.#random.below(2);
    if (this.#openYoung === undefined || isFull) this.#openYoung = this.#files.create('young');
    const file = this.#openYoung;
    this.#append(record, file);
    this.#mayCrash(0.04);
    this.#files.sync(file);
    return file;
  }

  #append(record: LogRecord, file: LogFile): void {
    file.records.push(record);
    const { kind, key, sequence, version, expiresAt, hidesUntil } = record;
    this.log.push(
      `${file.generation}-${file.id} <- ${kind} key=${key} sequence=${sequence} version=${version} ` +
        `expiresAt=${expiresAt} hidesUntil=${hidesUntil}`,
    );
  }

  /** A main file for records that matter `until` then, never `source` itself. */
  #mainFor(until: number, source: LogFile): LogFile {
    const isLong = until - this.nowMs > SHORT_TTL;
    const timeClass = until === NEVER ? 'never' : isLong ? 'long' : 'short';
    const open = this.#openMain.get(timeClass);
    const isOlder = this.#rules.copiesGoToNewerFiles && (open?.id ?? 0) < source.id;
    const mayTake = open !== undefined && open !== source && this.#files.all.includes(open);
    if (mayTake && !isOlder && open.records.length < MAIN_RECORDS_MAX) return open;
    const file = this.#files.create('main');
    this.#openMain.set(timeClass, file);
    return file;
  }

  // ---- freeing

  /** N7: what an earlier opening left behind goes before anything of main does. */
  #chooseWork(): Generator<void> | undefined {
    const random = this.#random;
    const young = this.#files.of('young').filter((file) => file !== this.#openYoung);
    const main = this.#files.of('main');
    const interrupted = main.filter(({ isInterrupted }) => isInterrupted);
    const mayFreeMain =
      !this.#rules.freesEarlierYoungFirst ||
      !young.some(({ isFromEarlierOpening }) => isFromEarlierOpening);
    const candidates = interrupted.length > 0 ? interrupted : main;
    const waiting = mayFreeMain ? candidates : [];
    const mayDrop = this.#rules.dropsWaitForLeftovers ? waiting : main;
    const droppable = [...young.slice(0, 1), ...mayDrop].find((file) => this.#isDroppable(file));
    if (droppable !== undefined && random.chance(0.5)) return this.#drop(droppable);
    if (young.length > 0 && (random.chance(0.6) || main.length === 0)) {
      return this.#free(this.#rules.freesYoungInOrder ? young[0]! : pick(young, random));
    }
    if (main.length === 0 || !mayFreeMain) return undefined;
    return this.#free(this.#rules.freesMainInAnyOrder ? pick(candidates, random) : candidates[0]!);
  }

  /** N4: nothing in it can be read, or has to hide anything. */
  #isDroppable(file: LogFile): boolean {
    return file.records.every((record) => {
      if (record.sequence < this.#floor) return true;
      if (record.kind === 'clear') return false;
      const hides = this.#rules.dropsOnlyWhatHidesNothing && record.hidesUntil > this.nowMs;
      return this.#isExpired(record) && !hides;
    });
  }

  *#drop(file: LogFile): Generator<void> {
    this.log.push(`drop ${file.generation}-${file.id}`);
    this.#unlink(file);
    yield;
  }

  /**
   * N3: hot records are copied, the rest is forgotten; what has to stay hidden gets a tombstone.
   */
  *#free(file: LogFile): Generator<void> {
    this.log.push(`free ${file.generation}-${file.id}`);
    file.isBeingFreed = true;
    const targets = new Set<LogFile>();
    const copies: { readonly from: LogRecord; readonly to: Entry }[] = [];
    for (const record of [...file.records]) {
      const isLive = this.#index.get(record.key)?.record === record;
      const isHot = isLive && !this.#isExpired(record) && this.#random.chance(0.5);
      if (isHot) {
        const to = this.#copy(record, file);
        copies.push({ from: record, to });
        targets.add(to.file);
      } else {
        if (isLive && !this.#rules.forgetsAfterUnlinking) this.#index.delete(record.key);
        if (this.#needsTombstone(record, file, isLive)) targets.add(this.#entomb(record, file));
      }
      this.#mayCrash(0.02);
      if (this.#random.chance(0.15)) yield;
    }
    for (const target of targets) {
      this.#mayCrash(0.03);
      if (this.#rules.syncsBeforeUnlinking) this.#files.sync(target);
    }
    for (const { from, to } of copies) {
      // It may have been replaced meanwhile.
      if (this.#index.get(from.key)?.record === from) this.#index.set(from.key, to);
    }
    yield;
    this.#unlink(file);
  }

  #copy(record: LogRecord, source: LogFile): Entry {
    const file = this.#mainFor(Math.max(record.expiresAt, record.hidesUntil), source);
    const sequence = this.#rules.copiesKeepSequence ? record.sequence : ++this.#sequence;
    const hidesUntil = this.#rules.copiesHiding ? record.hidesUntil : 0;
    const copy = { ...record, sequence, hidesUntil };
    this.#append(copy, file);
    return { record: copy, file };
  }

  /** A tombstone has its record's sequence: it must not hide what is newer. */
  #entomb({ key, sequence, hidesUntil }: LogRecord, source: LogFile): LogFile {
    const file = this.#mainFor(hidesUntil, source);
    this.#append({ kind: 'delete', key, sequence, version: 0, expiresAt: 0, hidesUntil }, file);
    return file;
  }

  #needsTombstone(record: LogRecord, source: LogFile, isLive: boolean): boolean {
    const rules = this.#rules;
    if (!rules.leavesTombstones || record.hidesUntil <= this.nowMs) return false;
    // What is older than this record was cleared as well.
    if (record.sequence < this.#floor) return false;
    if (record.kind === 'put' && !isLive && !rules.leavesTombstonesForDeadPuts) return false;
    if (isLive && !rules.leavesTombstonesForColdPuts) return false;
    const newer = this.#index.get(record.key)?.record;
    if (newer !== undefined && newer.sequence > record.sequence) {
      if (!rules.comparesHiding || newer.hidesUntil >= record.hidesUntil) return false;
    }
    if (!rules.savesNeedlessTombstones) return true;
    const others = this.#files.of('main').filter((file) => file !== source);
    return others.some((file) => file.records.some(({ sequence }) => sequence < record.sequence));
  }

  /** N5 and N8: the floor first, then the file, then what memory knows of it. */
  #unlink(file: LogFile): void {
    const clears = file.records.filter(({ kind }) => kind === 'clear');
    if (clears.length > 0 && this.#rules.clearsLeaveFloor) {
      this.#files.floor = Math.max(this.#files.floor, ...clears.map(({ sequence }) => sequence));
      this.#mayCrash(0.05);
    }
    this.#files.unlink(file);
    this.#mayCrash(0.05);
    if (this.#rules.syncsUnlinks) this.#files.syncUnlinks();
    this.#mayCrash(0.02);
    for (const [key, entry] of this.#index) if (entry.file === file) this.#index.delete(key);
    if (this.#openYoung === file) this.#openYoung = undefined;
  }

  #isExpired({ expiresAt }: LogRecord): boolean {
    return isExpired(expiresAt, this.nowMs);
  }

  #mayCrash(probability: number): void {
    if (!this.#random.chance(probability)) return;
    this.log.push('crash');
    throw new Crash();
  }
}

function pick(files: readonly LogFile[], random: SeededRandom): LogFile {
  return files[random.below(files.length)]!;
}
