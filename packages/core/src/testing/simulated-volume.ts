/**
 * The directories of the simulated disk. Names have two sides as bytes have: what a process sees,
 * and what the last `syncDirectory` made durable, with every change in between, of which a power
 * cut keeps any subset.
 *
 * Directories themselves are durable at once, and there are no links: the engine needs neither.
 */
import { NativeError } from './native-error.ts';
import type { SeededRandom } from './seeded-random.ts';
import { type PowerCutOutcome, SimulatedFile, type StaleSectors } from './simulated-file.ts';

/**
 * A change of names in one directory: `file` is not under `from` any more, and is under `to`.
 * A creation has no `from`, a removal no `to`.
 */
interface NameChange {
  /** Counted from 1 in its directory. */
  readonly number: number;
  readonly file: SimulatedFile;
  readonly from?: string;
  readonly to?: string;
  /** The file that had the name `to` until then. */
  readonly replaced?: SimulatedFile | undefined;
}

type Names = Map<string, SimulatedFile>;

interface Directory {
  names: Names;
  durable: Names;
  /** What `syncDirectory` has not made durable yet, oldest first. */
  changes: NameChange[];
  /** How many changes there have ever been. */
  changeCount: number;
}

export class SimulatedVolume {
  readonly #sectorBytes: number;
  /** What deleted files held; undefined if sectors are wiped before they are used again. */
  readonly #deleted: Uint8Array[] | undefined;
  readonly #directories = new Map<string, Directory>();

  constructor(sectorBytes: number, keepsDeleted = false) {
    this.#sectorBytes = sectorBytes;
    this.#deleted = keepsDeleted ? [] : undefined;
  }

  createDirectory(path: string): void {
    for (const directory of ancestors(normalized(path))) {
      if (this.#lookUp(directory) !== undefined) throw new NativeError('ENOTDIR', directory);
      if (this.#directories.has(directory)) continue;
      this.#directories.set(directory, {
        names: new Map(),
        durable: new Map(),
        changes: [],
        changeCount: 0,
      });
    }
  }

  isDirectory(path: string): boolean {
    return this.#directories.has(normalized(path));
  }

  has(path: string): boolean {
    return this.#lookUp(path) !== undefined;
  }

  /** One spelling per path. */
  normalized(path: string): string {
    return normalized(path);
  }

  list(directory: string): string[] {
    return [...this.#directory(directory).names.keys()];
  }

  find(path: string): SimulatedFile {
    const file = this.#lookUp(path);
    if (file !== undefined) return file;
    throw new NativeError(this.isDirectory(path) ? 'EISDIR' : 'ENOENT', path);
  }

  create(path: string): SimulatedFile {
    const [directory, name] = this.#place(path);
    if (directory.names.has(name) || this.isDirectory(path)) throw new NativeError('EEXIST', path);
    const file = new SimulatedFile(this.#sectorBytes);
    record(directory, { file, to: name });
    return file;
  }

  rename(from: string, to: string): void {
    const [directory, fromName] = this.#place(from);
    const [toDirectory, toName] = this.#place(to);
    if (directory !== toDirectory) throw new NativeError('EXDEV', to);
    if (this.isDirectory(to)) throw new NativeError('EISDIR', to);
    const file = this.find(from);
    if (fromName === toName) return;
    this.#discard(directory.names.get(toName));
    const replaced = directory.names.get(toName);
    record(directory, { file, from: fromName, to: toName, replaced });
  }

  /** Unlinks a file; false if there is none. */
  remove(path: string): boolean {
    if (this.isDirectory(path)) throw new NativeError('EISDIR', path);
    const [directory, name] = this.#place(path);
    const file = directory.names.get(name);
    if (file === undefined) return false;
    this.#discard(file);
    record(directory, { file, from: name });
    return true;
  }

  /** The number of the newest change in a directory: what a sync that begins now has to cover. */
  changeCount(path: string): number {
    return this.#directories.get(normalized(path))?.changeCount ?? 0;
  }

  /** Changes up to number `through` are durable from here on. */
  syncDirectory(path: string, through: number = this.changeCount(path)): void {
    const directory = this.#directory(path);
    for (const change of directory.changes) {
      if (change.number <= through) apply(directory.durable, change);
    }
    directory.changes = directory.changes.filter((change) => change.number > through);
  }

  /** Makes one name durable as it is now, with whatever was pending for it. */
  syncName(path: string): void {
    const [directory, name] = this.#place(path);
    const file = directory.names.get(name);
    if (file === undefined) directory.durable.delete(name);
    else directory.durable.set(name, file);
    directory.changes = directory.changes.map(({ to, ...change }) =>
      to === undefined || to === name ? change : { ...change, to },
    );
  }

  cutPower(random: SeededRandom, outcome: PowerCutOutcome): void {
    for (const directory of this.#directories.values()) {
      const survival = outcome === 'keep' ? 1 : outcome === 'lose' ? 0 : random.next();
      for (const change of directory.changes) {
        if (random.chance(survival)) apply(directory.durable, change);
      }
      directory.names = new Map(directory.durable);
      directory.changes = [];
    }
    for (const file of this.#files()) file.cutPower(random, outcome, this.#stale(random));
  }

  /** The bytes of every file that has a name, and of `unnamed` ones that are still open. */
  bytesUsed(unnamed: Iterable<SimulatedFile>): number {
    let bytes = 0;
    for (const file of new Set([...this.#files(), ...unnamed])) bytes += file.size;
    return bytes;
  }

  clone(): SimulatedVolume {
    const copy = new SimulatedVolume(this.#sectorBytes, this.#deleted !== undefined);
    copy.#deleted?.push(...this.#deleted!);
    // A file can have a name on both sides and in the changes: it must stay one file.
    const copies = new Map<SimulatedFile, SimulatedFile>();
    const copyOf = (file: SimulatedFile): SimulatedFile => {
      const known = copies.get(file) ?? file.clone();
      copies.set(file, known);
      return known;
    };
    const copyNames = (names: Names): Names =>
      new Map([...names].map(([name, file]) => [name, copyOf(file)]));
    for (const [path, { names, durable, changes, changeCount }] of this.#directories) {
      copy.#directories.set(path, {
        names: copyNames(names),
        durable: copyNames(durable),
        changes: changes.map((change) => ({
          ...change,
          file: copyOf(change.file),
          replaced: change.replaced && copyOf(change.replaced),
        })),
        changeCount,
      });
    }
    return copy;
  }

  #discard(file: SimulatedFile | undefined): void {
    if (file === undefined || file.size === 0 || this.#deleted === undefined) return;
    this.#deleted.push(file.bytes());
    if (this.#deleted.length > 8) this.#deleted.shift();
  }

  #stale(random: SeededRandom): StaleSectors {
    return (sectorBytes) => {
      if (this.#deleted === undefined || this.#deleted.length === 0) return undefined;
      const bytes = this.#deleted[random.below(this.#deleted.length)]!;
      const start = random.below(Math.ceil(bytes.length / sectorBytes)) * sectorBytes;
      return bytes.subarray(start, start + sectorBytes);
    };
  }

  #files(): Set<SimulatedFile> {
    const files = new Set<SimulatedFile>();
    for (const { names } of this.#directories.values()) {
      for (const file of names.values()) files.add(file);
    }
    return files;
  }

  #lookUp(path: string): SimulatedFile | undefined {
    const { directory, name } = split(path);
    return this.#directories.get(directory)?.names.get(name);
  }

  #place(path: string): [directory: Directory, name: string] {
    const { directory, name } = split(path);
    return [this.#directory(directory), name];
  }

  #directory(path: string): Directory {
    const directory = this.#directories.get(normalized(path));
    if (directory !== undefined) return directory;
    throw new NativeError(this.#lookUp(path) === undefined ? 'ENOENT' : 'ENOTDIR', path);
  }
}

function record(directory: Directory, change: Omit<NameChange, 'number'>): void {
  directory.changes.push({ ...change, number: ++directory.changeCount });
  apply(directory.names, change);
}

function apply(names: Names, { file, from, to, replaced }: Omit<NameChange, 'number'>): void {
  // If earlier changes were lost, a name may still belong to a file this one knows nothing of: it
  // was never deleted, so no subset of the changes may take it.
  const holder = to === undefined ? undefined : names.get(to);
  if (holder !== undefined && holder !== file && holder !== replaced) return;
  if (from !== undefined && names.get(from) === file) names.delete(from);
  if (to !== undefined) names.set(to, file);
}

/** Both separators, because adapters join with their runtime's own. */
function normalized(path: string): string {
  const parts = path.split(/[/\\]/).filter((part) => part !== '' && part !== '.');
  return (/^[/\\]/.test(path) ? '/' : '') + parts.join('/');
}

function split(path: string): { directory: string; name: string } {
  const whole = normalized(path);
  const slash = whole.lastIndexOf('/');
  const directory = slash < 0 ? '' : slash === 0 ? '/' : whole.slice(0, slash);
  return { directory, name: whole.slice(slash + 1) };
}

/** `/a/b` → `/a`, `/a/b`. */
function ancestors(path: string): string[] {
  const result: string[] = [];
  for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
    result.push(path.slice(0, at));
  }
  return [...result, path];
}
