// Goal: what is done on a rehearsal is seen there as on any file system, and nowhere else.
// Method: a simulated disk that counts its calls. Not covered: locks and syncs, of which a
// rehearsal has none; what an engine does on it (test/verify-a-store.test.ts).
import { beforeEach, expect, test } from 'vitest';
import type { OpenFile } from '../ports/file-system.ts';
import { SimulatedDisk, type SimulatedFileSystem } from '../testing/index.ts';
import { RehearsalFileSystem } from './rehearsal-file-system.ts';

const OLD = '/store/old';
const NEW = '/store/new';

let disk: SimulatedDisk;
let beneath: SimulatedFileSystem;
let rehearsal: RehearsalFileSystem;

beforeEach(async () => {
  disk = new SimulatedDisk();
  beneath = disk.mount();
  await beneath.createDirectory('/store');
  const file = await beneath.open(OLD, 'create');
  await file.write(bytesOf('as it was'), 0);
  await file.close();
  rehearsal = new RehearsalFileSystem(beneath);
});

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function textOf(file: OpenFile): Promise<string> {
  const bytes = new Uint8Array(await file.size());
  expect(await file.read(bytes, 0)).toBe(bytes.length);
  return new TextDecoder().decode(bytes);
}

async function contentOf(path: string): Promise<string> {
  const file = await rehearsal.open(path, 'read');
  try {
    return await textOf(file);
  } finally {
    await file.close();
  }
}

test('shows what is there', async () => {
  expect(await rehearsal.list('/store')).toEqual(['old']);
  expect(await contentOf(OLD)).toBe('as it was');
  await expect(rehearsal.open(NEW, 'read')).rejects.toMatchObject({ code: 'IO' });
  await expect(rehearsal.open(NEW, 'update')).rejects.toMatchObject({ code: 'IO' });
  await expect(rehearsal.open(OLD, 'create')).rejects.toMatchObject({ code: 'IO' });
  await expect(rehearsal.list('/other')).rejects.toMatchObject({ code: 'IO' });
});

test('keeps every change to itself, and shows it to all who have the file open', async () => {
  disk.resetCounts();
  const reader = await rehearsal.open(OLD, 'read');
  const writer = await rehearsal.open(OLD, 'update');
  await writer.write(bytesOf('IS'), 3);
  await writer.datasync();
  const created = rehearsal.openSync(NEW, 'create');
  created.writeSync(bytesOf('end'), 2);
  await rehearsal.syncDirectory('/store');
  await (await rehearsal.lockDirectory('/store')).release();
  expect(await textOf(reader)).toBe('as IS was');
  expect(await contentOf(OLD)).toBe('as IS was');
  expect(await contentOf(NEW)).toBe('\0\0end');
  expect((await rehearsal.list('/store')).sort()).toEqual(['new', 'old']);
  await expect(rehearsal.open(NEW, 'create')).rejects.toMatchObject({ code: 'IO' });
  for (const file of [reader, writer, created]) await file.close();
  expect(disk.bytesWritten).toBe(0);
  expect(disk.counts).toMatchObject({
    write: 0,
    datasync: 0,
    remove: 0,
    rename: 0,
    lockDirectory: 0,
  });
  expect(disk.list('/store')).toEqual(['old']);
});

test('removes and renames only for itself, and remembers what it removed', async () => {
  const open = await rehearsal.open(OLD, 'read');
  await rehearsal.remove(OLD);
  expect(await rehearsal.list('/store')).toEqual([]);
  expect(await textOf(open)).toBe('as it was');
  await open.close();
  await expect(rehearsal.open(OLD, 'read')).rejects.toMatchObject({ code: 'IO' });
  const again = await rehearsal.open(OLD, 'create');
  await again.write(bytesOf('again'), 0);
  await rehearsal.rename(OLD, NEW);
  expect(await rehearsal.list('/store')).toEqual(['new']);
  expect(await contentOf(NEW)).toBe('again');
  expect([...rehearsal.removed]).toEqual([OLD]);
  expect(new TextDecoder().decode(disk.read(OLD))).toBe('as it was');
});

test('copies a file of any length when it is written to', async () => {
  const long = new Uint8Array(200_001).fill(7);
  disk.replace(OLD, long);
  const file = await rehearsal.open(OLD, 'update');
  await file.write(Uint8Array.of(9), 200_000);
  const bytes = new Uint8Array(await file.size());
  await file.read(bytes, 0);
  long[200_000] = 9;
  expect(bytes.length).toBe(long.length);
  expect(bytes.every((byte, index) => byte === long[index])).toBe(true);
});
