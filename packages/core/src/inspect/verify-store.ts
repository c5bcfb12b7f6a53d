/**
 * Checks a store offline: every checksum of every file, and what an opening would find. The second
 * is not guessed: the engine itself opens the store, on a file system that keeps all changes in
 * memory. Nothing is written, and the lock is not taken.
 *
 * A store that a process has open and writes to cannot be checked: that shows in its files, and is
 * an error. One that nobody writes to meanwhile can, as if its process had just been killed.
 */

import { ShapeDictionary } from '../codec/shape-dictionary.ts';
import type { Engine } from '../engine/engine.ts';
import { FIRST_MANIFEST } from '../engine/manifest.ts';
import { openEngine } from '../engine/open-engine.ts';
import { readManifest } from '../engine/read-manifest.ts';
import { emptyReport, type RecoveryReport } from '../engine/recovery-report.ts';
import { mainFileName, SEGMENT_HEADER_BYTES } from '../engine/segment-header.ts';
import { HoldfastError, InvalidArgumentError } from '../errors.ts';
import { isExpired } from '../expiry/expiry.ts';
import type { FileSystem, OpenFile } from '../ports/file-system.ts';
import type { Runtime } from '../ports/runtime.ts';
import { inspectFile, kindOfName } from './inspect-file.ts';
import {
  damageIn,
  type FileInspection,
  type FileKind,
  type InspectedDamage,
} from './inspection.ts';
import { readAround } from './read-around.ts';
import { RehearsalFileSystem } from './rehearsal-file-system.ts';
import { verifyJournals } from './verify-journals.ts';

/** What has become of a file, or would at the next opening. */
export type FileRole =
  /** What is in it counts. */
  | 'counts'
  /** A snapshot of the index: the next opening begins with it if it fits, and removes it. */
  | 'index'
  /** Nothing in it counts any more, or yet: the next opening removes it. */
  | 'leftover'
  /** The lock of the directory. */
  | 'lock'
  /** A journal of the leases, which the next opening reads. */
  | 'journal'
  /** No file of a store; left alone. */
  | 'foreign';

export interface VerifiedFile {
  readonly name: string;
  readonly role: FileRole;
  readonly kind?: FileKind;
  readonly bytes?: number;
  /** Records with a value, of which expired. */
  readonly values?: number;
  readonly expired?: number;
  /** In what counts: bytes that had been written and synced, and are not there any more. */
  readonly damage: readonly InspectedDamage[];
  /**
   * At the end of what counts: writes that were under way when a process ended. No damage; nor is
   * what is not right in a snapshot, as the records are read instead.
   */
  readonly torn: readonly InspectedDamage[];
}

export interface VerifiedStore {
  readonly directory: string;
  readonly files: readonly VerifiedFile[];
  /** What recovery says about damage, and what it gives up for it; or why an opening fails. */
  readonly problems: readonly { readonly file?: string; readonly message: string }[];
  /** Live records an opening would find. */
  readonly live: number;
  readonly recovery: RecoveryReport;
  /** No damage of either kind. */
  readonly isClean: boolean;
}

/** Names of the lock files that adapters make. */
const LOCK_NAME = /^lock(\.|$)/;

/** For records and index; more than that is read again from the files. */
const MEMORY_BYTES_MAX = 2 ** 28;
/** Nothing is evicted: what is there is what counts. */
const NEVER_FULL = Number.POSITIVE_INFINITY;

/**
 * Checks the store in `directory` and changes nothing. Rejects with `INVALID_ARGUMENT` if there is
 * none, `DIRECTORY_LOCKED` if it changes meanwhile, `CORRUPT` for one of a later format, `IO` if
 * the directory cannot be read.
 */
export async function verifyStore(runtime: Runtime, directory: string): Promise<VerifiedStore> {
  const { fileSystem } = runtime;
  const names = (await fileSystem.list(directory)).sort();
  if (!names.some((name) => kindOfName(name) !== undefined)) {
    throw new InvalidArgumentError(`no store in directory=${directory}`, { directory });
  }
  const before = await stateOf(fileSystem, directory);
  const outcome = await verify(runtime, directory, names).then(
    (store) => ({ store }),
    (error: unknown) => ({ error }),
  );
  // Whatever else may be wrong: what is read while it changes proves nothing.
  if ((await stateOf(fileSystem, directory)) !== before) throw inUse(directory);
  if ('error' in outcome) throw outcome.error;
  return outcome.store;
}

async function verify(
  runtime: Runtime,
  directory: string,
  names: readonly string[],
): Promise<VerifiedStore> {
  const { fileSystem } = runtime;
  const lengths = await countedLengths(fileSystem, directory, names);
  const found = await rehearse(runtime, directory);
  const journals = await verifyJournals(fileSystem, directory, names);
  // One after the other: of a large store only one file's records are in memory.
  const files: VerifiedFile[] = [];
  for (const name of names) {
    const options = { length: lengths.get(name) };
    const path = `${directory}/${name}`;
    files.push(
      kindOfName(name) === undefined
        ? (journals.files.get(name) ?? otherFile(name))
        : describeFile(await inspectFile(fileSystem, path, options), found),
    );
  }
  const { live, recovery } = found;
  const problems = [...found.problems, ...journals.problems];
  const isClean = problems.length === 0 && files.every(({ damage }) => damage.length === 0);
  return { directory, files, problems, live, recovery, isClean };
}

interface Rehearsal extends Pick<VerifiedStore, 'problems' | 'live' | 'recovery'> {
  readonly leftovers: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Opens the store, all but really. */
async function rehearse(runtime: Runtime, directory: string): Promise<Rehearsal> {
  const problems: { file?: string; message: string }[] = [];
  const fileSystem = new RehearsalFileSystem(runtime.fileSystem);
  const settings = {
    directory,
    isPersistent: true,
    hashPrefixLength: 0,
    cleanupIntervalMs: 86_400_000,
    memoryBytesMax: MEMORY_BYTES_MAX,
    diskBytesMax: NEVER_FULL,
    valueBytesMax: MEMORY_BYTES_MAX,
    durability: 'buffered',
    flushIntervalMs: 86_400_000,
    syncIntervalMs: 86_400_000,
    // Every record is to be read.
    snapshotEntriesMin: Number.POSITIVE_INFINITY,
    onError: ({ message, details: { file } }: HoldfastError): void => {
      problems.push({ ...(typeof file === 'string' && { file }), message });
    },
  } as const;
  let engine: Engine;
  try {
    engine = await openEngine({ ...runtime, fileSystem }, settings, new ShapeDictionary());
  } catch (error) {
    const failure = HoldfastError.from(error);
    if (failure.code !== 'IO') throw failure;
    // So would an opening fail; which files are damaged can be told all the same.
    settings.onError(failure);
    const nowMs = runtime.clock.wallMs();
    return { problems, live: 0, recovery: emptyReport(), leftovers: new Set(), nowMs };
  }
  const { recovery = emptyReport() } = engine.statistics();
  const leftovers = new Set(
    [...fileSystem.removed].map((path) => path.slice(directory.length + 1)),
  );
  const found = { problems: [...problems], live: engine.size, recovery, leftovers };
  const nowMs = engine.clock.nowMs();
  await engine.close();
  return { ...found, nowMs };
}

function otherFile(name: string): VerifiedFile {
  return { name, role: LOCK_NAME.test(name) ? 'lock' : 'foreign', damage: [], torn: [] };
}

function describeFile(
  { name, kind, bytes, items }: FileInspection,
  { problems, leftovers, nowMs }: Rehearsal,
): VerifiedFile {
  const values = items.filter((item) => item.type === 'record' && item.kind === 'put');
  const expired = values.filter((item) => item.type === 'record' && isExpired(item.expires, nowMs));
  if (kind === 'index') {
    return { name, role: 'index', kind, bytes, damage: [], torn: damageIn(items) };
  }
  const role = leftovers.has(name) ? 'leftover' : 'counts';
  // What recovery says nothing about, nobody had been promised.
  const isTorn = kind === 'young' && !problems.some(({ file }) => file === name);
  const all = role === 'counts' ? damageIn(items) : [];
  const torn = all.filter(({ offset }) => isTorn && offset >= SEGMENT_HEADER_BYTES);
  const damage = all.filter((each) => !torn.includes(each));
  const counts = { values: values.length, expired: expired.length };
  const isSegment = kind === 'young' || kind === 'main';
  return { name, role, kind, bytes, ...(isSegment ? counts : {}), damage, torn };
}

/** Of main files: what lies behind them does not count. */
async function countedLengths(
  fileSystem: FileSystem,
  directory: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { manifest } = await readManifest(fileSystem, directory, names, () => {}).catch((error) => {
    // The rehearsal tells that it cannot be read.
    if (HoldfastError.from(error).code === 'IO') return { manifest: FIRST_MANIFEST };
    throw error;
  });
  return new Map(manifest.files.map(({ id, main, length }) => [mainFileName(id, main), length]));
}

/** Everything that changes when somebody writes: names, sizes, and the files that are replaced. */
async function stateOf(fileSystem: FileSystem, directory: string): Promise<string> {
  const states: string[] = [];
  for (const name of (await fileSystem.list(directory)).sort()) {
    const kind = kindOfName(name);
    if (kind === undefined) continue;
    const isReplaced = kind === 'superblock' || kind === 'manifest';
    states.push(`${name} ${await fileState(fileSystem, `${directory}/${name}`, isReplaced)}`);
  }
  return states.join('\n');
}

async function fileState(
  fileSystem: FileSystem,
  path: string,
  isReplaced: boolean,
): Promise<string> {
  const file = await openIfThere(fileSystem, path);
  if (file === undefined) return 'gone';
  try {
    const size = await file.size();
    if (!isReplaced) return String(size);
    const bytes = new Uint8Array(size);
    await readAround(file, bytes);
    return bytes.join();
  } finally {
    await file.close();
  }
}

/** One that was listed and is gone is a change; one that cannot be read is no better later on. */
function openIfThere(fileSystem: FileSystem, path: string): Promise<OpenFile | undefined> {
  return fileSystem.open(path, 'read').catch(() => undefined);
}

function inUse(directory: string): HoldfastError {
  const message = `a process writes to the store: stop it first directory=${directory}`;
  return new HoldfastError('DIRECTORY_LOCKED', message, { details: { directory } });
}
