/** The part of `fileSystemConformance` about bytes in an open file. */
import type { OpenFile } from '../ports/file-system.ts';
import { SeededRandom } from '../testing/seeded-random.ts';
import { expectBytes, expectEqual, expectFailure } from './expect.ts';
import type { FileSystemFixture } from './file-system.ts';
import type { SuiteTest } from './suite.ts';

type Fixture = FileSystemFixture;

export const BYTES_TESTS: readonly SuiteTest<Fixture>[] = [
  {
    name: 'read gives what was written, from any position, and stops at the end of the file',
    run: async (fixture) => {
      const content = pattern(1000, 1);
      const file = await createWith(fixture, content);
      for (const [position, length] of READS) {
        const expected = content.subarray(position, position + length);
        const into = new Uint8Array(length);
        expectEqual(await file.read(into, position), expected.length, `bytes read at ${position}`);
        expectBytes(into.subarray(0, expected.length), expected, `what read gave at ${position}`);
        const intoSync = new Uint8Array(length);
        expectEqual(file.readSync(intoSync, position), expected.length, `readSync at ${position}`);
        expectBytes(intoSync, into, `what readSync gave at ${position}`);
      }
      await file.close();
    },
  },
  {
    name: 'read fills the view it is given, and nothing around it',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(64, 2));
      for (const memory of [new ArrayBuffer(96), new SharedArrayBuffer(96)]) {
        const around = new Uint8Array(memory).fill(0xee);
        const expected = new Uint8Array(96).fill(0xee);
        expected.set(pattern(64, 2).subarray(8, 40), 16);
        expectEqual(await file.read(around.subarray(16, 48), 8), 32, 'bytes read');
        expectBytes(around, expected, 'the memory around the view');
        around.fill(0xee);
        expectEqual(file.readSync(around.subarray(16, 48), 8), 32, 'bytes read synchronously');
        expectBytes(around, expected, 'the memory around the view, synchronously');
      }
      await file.close();
    },
  },
  {
    name: 'read leaves memory after the end of the file as it was',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(10, 3));
      const into = new Uint8Array(16).fill(0xee);
      expectEqual(await file.read(into, 4), 6, 'bytes read');
      expectBytes(into.subarray(6), new Uint8Array(10).fill(0xee), 'the rest of the memory');
      await file.close();
    },
  },
  {
    name: 'write takes views of private and of shared memory',
    run: async (fixture) => {
      const file = await createWith(fixture, new Uint8Array(0));
      const expected = new Uint8Array(256);
      let position = 0;
      for (const memory of [new ArrayBuffer(96), new SharedArrayBuffer(96)]) {
        const around = new Uint8Array(memory);
        around.set(pattern(96, 4 + position));
        await file.write(around.subarray(16, 80), position);
        file.writeSync(around.subarray(16, 80), position + 64);
        expected.set(around.subarray(16, 80), position);
        expected.set(around.subarray(16, 80), position + 64);
        position += 128;
      }
      await expectFile(file, expected);
      await file.close();
    },
  },
  {
    name: 'write goes over old bytes and past the end, and fills a gap with zeros',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(100, 5));
      const expected = new Uint8Array(5000);
      expected.set(pattern(100, 5));
      await file.write(pattern(20, 6), 10);
      expected.set(pattern(20, 6), 10);
      await file.write(pattern(30, 7), 90);
      expected.set(pattern(30, 7), 90);
      file.writeSync(pattern(8, 8), 4992);
      expected.set(pattern(8, 8), 4992);
      expectEqual(await file.size(), 5000, 'the size');
      await expectFile(file, expected);
      await file.close();
    },
  },
  {
    name: 'write and read of no bytes change nothing',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(10, 9));
      const nothing = new Uint8Array(0);
      await file.write(nothing, 5);
      file.writeSync(nothing, 500);
      expectEqual(await file.read(nothing, 5), 0, 'bytes read');
      expectEqual(file.readSync(nothing, 500), 0, 'bytes read synchronously');
      await expectFile(file, pattern(10, 9));
      await file.close();
    },
  },
  {
    name: 'a large write arrives whole',
    run: async (fixture) => {
      const content = new SeededRandom(10).fill(new Uint8Array(3 * 1024 * 1024 + 13));
      const file = await createWith(fixture, content);
      await expectFile(file, content);
      await file.close();
    },
  },
  {
    name: 'what is written is at once seen by other open files and by readSync',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(50, 11));
      const other = await fixture.fileSystem.open(`${fixture.directory}/file`, 'read');
      await expectFile(other, pattern(50, 11));
      await file.write(pattern(50, 12), 50);
      expectEqual(await other.size(), 100, 'the size the other open file sees');
      const into = new Uint8Array(50);
      expectEqual(other.readSync(into, 50), 50, 'bytes the other open file reads');
      expectBytes(into, pattern(50, 12), 'what the other open file reads');
      await file.close();
      await other.close();
    },
  },
  {
    name: 'reads and writes at once do not disturb one another, whatever their order',
    run: async (fixture) => {
      const content = new SeededRandom(13).fill(new Uint8Array(64 * 1024));
      const file = await createWith(fixture, content);
      const work: Promise<void>[] = [];
      for (let index = 0; index < 128; index++) {
        const position = ((index * 37) % 128) * 256;
        const into = new Uint8Array(256);
        work.push(
          file.read(into, position).then((count) => {
            expectEqual(count, 256, 'bytes read');
            expectBytes(into, content.subarray(position, position + 256), `bytes at ${position}`);
          }),
          file.write(pattern(256, index), 64 * 1024 + index * 256),
        );
        const intoSync = new Uint8Array(64);
        expectEqual(file.readSync(intoSync, position + 7), 64, 'bytes read synchronously');
        expectBytes(intoSync, content.subarray(position + 7, position + 71), 'bytes between');
      }
      await Promise.all(work);
      const expected = new Uint8Array(96 * 1024);
      expected.set(content);
      for (let index = 0; index < 128; index++) {
        expected.set(pattern(256, index), 64 * 1024 + index * 256);
      }
      await expectFile(file, expected);
      await file.close();
    },
  },
  {
    name: 'datasync takes a file again and again, with writes between and beside it',
    run: async (fixture) => {
      const file = await createWith(fixture, pattern(10, 14));
      await file.datasync();
      await file.datasync();
      const write = file.write(pattern(10, 15), 10);
      await Promise.all([file.datasync(), file.datasync(), write]);
      expectEqual(await file.size(), 20, 'the size');
      await file.close();
    },
  },
  {
    name: 'a file opened to read refuses every write',
    run: async (fixture) => {
      await (await createWith(fixture, pattern(10, 16))).close();
      const file = await fixture.fileSystem.open(`${fixture.directory}/file`, 'read');
      await expectFailure(() => file.write(pattern(4, 17), 0), undefined, 'a write');
      await expectFailure(
        () => file.writeSync(pattern(4, 17), 0),
        undefined,
        'a synchronous write',
      );
      await expectFile(file, pattern(10, 16));
      await file.close();
    },
  },
  {
    name: 'close waits for what is under way, and may be called again',
    run: async (fixture) => {
      const file = await createWith(fixture, new Uint8Array(0));
      const content = new SeededRandom(18).fill(new Uint8Array(512 * 1024));
      const write = file.write(content, 0);
      const into = new Uint8Array(16);
      const read = file.read(into, 1024 * 1024);
      await Promise.all([file.close(), file.close(), write, read]);
      await file.close();
      const reopened = await fixture.fileSystem.open(`${fixture.directory}/file`, 'read');
      await expectFile(reopened, content);
      await reopened.close();
    },
  },
  {
    name: 'a closed file fails, and never reaches a file opened after it',
    run: async (fixture) => {
      const closed = await createWith(fixture, pattern(10, 19));
      await closed.close();
      const later = await fixture.fileSystem.open(`${fixture.directory}/later`, 'create');
      await later.write(pattern(10, 20), 0);
      const into = new Uint8Array(4);
      await expectFailure(() => closed.read(into, 0), undefined, 'reading a closed file');
      await expectFailure(() => closed.readSync(into, 0), undefined, 'reading a closed file, sync');
      await expectFailure(() => closed.write(into, 0), undefined, 'writing a closed file');
      await expectFailure(
        () => closed.writeSync(into, 0),
        undefined,
        'writing a closed file, sync',
      );
      await expectFailure(() => closed.datasync(), undefined, 'syncing a closed file');
      await expectFailure(() => closed.size(), undefined, 'the size of a closed file');
      await closed.close();
      await expectFile(later, pattern(10, 20));
      await later.close();
    },
  },
];

/** Positions and lengths of reads of a file of 1000 bytes. */
const READS: readonly (readonly [number, number])[] = [
  [0, 1000],
  [0, 1],
  [1, 7],
  [999, 1],
  [990, 100],
  [1000, 10],
  [123_456_789, 10],
];

/** `length` bytes that tell where they are and which pattern they are of. */
function pattern(length: number, kind: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + kind * 31 + 1) & 0xff);
}

async function createWith(
  { fileSystem, directory }: Fixture,
  content: Uint8Array,
): Promise<OpenFile> {
  const file = await fileSystem.open(`${directory}/file`, 'create');
  await file.write(content, 0);
  return file;
}

async function expectFile(file: OpenFile, content: Uint8Array): Promise<void> {
  expectEqual(await file.size(), content.length, 'the size of the file');
  const bytes = new Uint8Array(content.length + 1);
  expectEqual(await file.read(bytes, 0), content.length, 'the bytes of the file');
  expectBytes(bytes.subarray(0, content.length), content, 'the content of the file');
}
