/**
 * Judges a `FileSystem` by the promises of ports/file-system.ts, simulated or real: names and
 * errors here, bytes in file-system-bytes.ts, the directory lock in file-system-lock.ts.
 *
 * What only a power cut or a second process can show is not judged here: the simulator does the
 * one, the adapters' own tests do the other.
 */
import type { FileSystem } from '../ports/file-system.ts';
import { expectBytes, expectEqual, expectFailure, expectSameTexts } from './expect.ts';
import { BYTES_TESTS } from './file-system-bytes.ts';
import { LOCK_TESTS } from './file-system-lock.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** A file system, and an existing, empty directory on it that nobody else uses. */
export interface FileSystemFixture {
  readonly fileSystem: FileSystem;
  readonly directory: string;
}

/** Registers the tests of a `FileSystem`. Paths are made as `directory + '/' + name`. */
export function fileSystemConformance(
  target: ConformanceTarget & FixtureSource<FileSystemFixture>,
): void {
  registerSuite('file system', target, [...NAMES_TESTS, ...BYTES_TESTS, ...LOCK_TESTS]);
}

const NAMES_TESTS: readonly SuiteTest<FileSystemFixture>[] = [
  {
    name: 'createDirectory makes the directory and its parents, and takes one that exists',
    run: async ({ fileSystem, directory }) => {
      const deep = `${directory}/one/two/three`;
      await fileSystem.createDirectory(deep);
      await fileSystem.createDirectory(deep);
      await fileSystem.createDirectory(`${directory}/one`);
      expectSameTexts(await fileSystem.list(deep), [], 'a new directory');
      await createFile(fileSystem, `${deep}/a`, 'a');
      expectSameTexts(await fileSystem.list(deep), ['a'], 'the directory with one file');
    },
  },
  {
    name: 'createDirectory fails where a file has the name',
    run: async ({ fileSystem, directory }) => {
      await createFile(fileSystem, `${directory}/file`, 'kept');
      await expectFailure(
        () => fileSystem.createDirectory(`${directory}/file`),
        'IO',
        'creating a directory over a file',
      );
      await expectContent(fileSystem, `${directory}/file`, 'kept');
    },
  },
  {
    name: 'list gives the names of the files, without their path and without directories',
    run: async ({ fileSystem, directory }) => {
      const names = ['m-3f-07-0000000a.seg', 'y-1.seg', 'superblock-a', 'ünïcode 日本'];
      for (const name of names) await createFile(fileSystem, `${directory}/${name}`, name);
      await fileSystem.createDirectory(`${directory}/directory`);
      await createFile(fileSystem, `${directory}/directory/inside`, '');
      expectSameTexts(await fileSystem.list(directory), names, 'the names');
    },
  },
  {
    name: 'list gives every one of many names once',
    run: async ({ fileSystem, directory }) => {
      const names = Array.from({ length: 300 }, (_, index) => `y-${index}.seg`);
      for (const name of names) await createFile(fileSystem, `${directory}/${name}`, '');
      expectSameTexts(await fileSystem.list(directory), names, 'the names');
    },
  },
  {
    name: 'list and syncDirectory fail for a directory that does not exist',
    run: async ({ fileSystem, directory }) => {
      const missing = `${directory}/missing`;
      await expectFailure(() => fileSystem.list(missing), 'IO', 'listing what is not there');
      await expectFailure(
        () => fileSystem.syncDirectory(missing),
        'IO',
        'syncing what is not there',
      );
    },
  },
  {
    name: 'open creates an empty file, and fails where the name is taken',
    run: async ({ fileSystem, directory }) => {
      const path = `${directory}/file`;
      const file = await fileSystem.open(path, 'create');
      expectEqual(await file.size(), 0, 'the size of a new file');
      await file.close();
      await createFile(fileSystem, `${directory}/taken`, 'kept');
      const error = await expectFailure(
        () => fileSystem.open(`${directory}/taken`, 'create'),
        'IO',
        'creating a file whose name is taken',
      );
      expectEqual(error.message.startsWith('IO: '), true, 'a message that starts with the code');
      expectEqual(error.cause === undefined, false, 'an error without the native one as its cause');
      await expectContent(fileSystem, `${directory}/taken`, 'kept');
    },
  },
  {
    name: 'open fails to read or update a file that does not exist, and makes none',
    run: async ({ fileSystem, directory }) => {
      const path = `${directory}/missing`;
      await expectFailure(() => fileSystem.open(path, 'read'), 'IO', 'reading a missing file');
      await expectFailure(() => fileSystem.open(path, 'update'), 'IO', 'updating a missing file');
      await expectFailure(
        () => fileSystem.open(`${directory}/no/such/file`, 'create'),
        'IO',
        'creating a file in a missing directory',
      );
      expectSameTexts(await fileSystem.list(directory), [], 'the directory');
    },
  },
  {
    name: 'open for update keeps what is there, and reads and writes',
    run: async ({ fileSystem, directory }) => {
      const path = `${directory}/file`;
      await createFile(fileSystem, path, 'before');
      const file = await fileSystem.open(path, 'update');
      await file.write(encode('ef'), 4);
      await file.close();
      await expectContent(fileSystem, path, 'befoef');
    },
  },
  {
    name: 'openSync does as open does, in every mode',
    run: async ({ fileSystem, directory }) => {
      const path = `${directory}/file`;
      const created = fileSystem.openSync(path, 'create');
      created.writeSync(encode('content'), 0);
      await created.datasync();
      await created.close();
      const updated = fileSystem.openSync(path, 'update');
      await updated.write(encode('C'), 0);
      await updated.close();
      const reader = fileSystem.openSync(path, 'read');
      await expectFailure(() => reader.write(encode('x'), 0), undefined, 'writing a reader');
      await reader.close();
      await expectContent(fileSystem, path, 'Content');
      const missing = `${directory}/missing`;
      await expectFailure(() => fileSystem.openSync(path, 'create'), 'IO', 'a taken name');
      await expectFailure(() => fileSystem.openSync(missing, 'read'), 'IO', 'a missing file');
      await expectFailure(() => fileSystem.openSync(missing, 'update'), 'IO', 'a missing file');
    },
  },
  {
    name: 'rename moves a file, over another one too, and open files stay with it',
    run: async ({ fileSystem, directory }) => {
      await createFile(fileSystem, `${directory}/new`, 'new content');
      await createFile(fileSystem, `${directory}/old`, 'old');
      const open = await fileSystem.open(`${directory}/new`, 'update');
      await fileSystem.rename(`${directory}/new`, `${directory}/old`);
      await open.write(encode('NEW'), 0);
      await open.close();
      expectSameTexts(await fileSystem.list(directory), ['old'], 'the directory');
      await expectContent(fileSystem, `${directory}/old`, 'NEW content');
    },
  },
  {
    name: 'rename fails for a file that does not exist, and leaves the other alone',
    run: async ({ fileSystem, directory }) => {
      await createFile(fileSystem, `${directory}/kept`, 'kept');
      await expectFailure(
        () => fileSystem.rename(`${directory}/missing`, `${directory}/kept`),
        'IO',
        'renaming what is not there',
      );
      await expectContent(fileSystem, `${directory}/kept`, 'kept');
    },
  },
  {
    name: 'remove unlinks a file, and takes a name that is gone',
    run: async ({ fileSystem, directory }) => {
      await createFile(fileSystem, `${directory}/file`, 'content');
      await createFile(fileSystem, `${directory}/kept`, 'kept');
      await fileSystem.remove(`${directory}/file`);
      await fileSystem.remove(`${directory}/file`);
      await fileSystem.remove(`${directory}/never-there`);
      expectSameTexts(await fileSystem.list(directory), ['kept'], 'the directory');
      await createFile(fileSystem, `${directory}/file`, 'again');
      await expectContent(fileSystem, `${directory}/file`, 'again');
    },
  },
  {
    name: 'syncDirectory takes a directory after creations, renames and removals',
    run: async ({ fileSystem, directory }) => {
      await fileSystem.syncDirectory(directory);
      await createFile(fileSystem, `${directory}/a`, 'a');
      await createFile(fileSystem, `${directory}/b`, 'b');
      await fileSystem.rename(`${directory}/a`, `${directory}/c`);
      await fileSystem.remove(`${directory}/b`);
      await Promise.all([fileSystem.syncDirectory(directory), fileSystem.syncDirectory(directory)]);
      expectSameTexts(await fileSystem.list(directory), ['c'], 'the directory');
    },
  },
];

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function createFile(fileSystem: FileSystem, path: string, text: string): Promise<void> {
  const file = await fileSystem.open(path, 'create');
  await file.write(encode(text), 0);
  await file.close();
}

async function expectContent(fileSystem: FileSystem, path: string, text: string): Promise<void> {
  const file = await fileSystem.open(path, 'read');
  const bytes = new Uint8Array(await file.size());
  await file.read(bytes, 0);
  await file.close();
  expectBytes(bytes, encode(text), path);
}
