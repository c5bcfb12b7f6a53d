// Goal: calls that read or write less than they were asked to are continued; a full or forbidden
// disk has its code.
// Method: core's suite over `node:fs` whose calls take about half of what they get; Linux's
// /dev/full; real permissions.
// Not covered: a call that fails halfway through a continued write, beyond its error.
import type * as NodeFs from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileSystemConformance } from '@holdfast/core/conformance';
import { describe, expect, test, vi } from 'vitest';
import { NodeFileSystem } from './file-system.ts';

let shortCalls = 0;

vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof NodeFs>();
  const half = (length: number): number => {
    if (length > 1) shortCalls++;
    return Math.ceil(length / 2);
  };
  type Call = (fd: number, bytes: Uint8Array, at: number, length: number, ...rest: never[]) => void;
  const halved = (call: unknown): Call => {
    return (fd, bytes, at, length, ...rest) => (call as Call)(fd, bytes, at, half(length), ...rest);
  };
  return {
    ...fs,
    read: halved(fs.read),
    readSync: halved(fs.readSync),
    write: halved(fs.write),
    writeSync: halved(fs.writeSync),
  };
});

const fileSystem = new NodeFileSystem({ flockProgram: 'holdfast-has-no-such-program' });

describe('with short reads and writes, and without a flock program', () => {
  fileSystemConformance({
    test,
    create: async () => ({ fileSystem, directory: await mkdtemp(`${tmpdir()}/holdfast-node-`) }),
    dispose: ({ directory }) => rm(directory, { recursive: true }),
  });

  test('the calls were indeed short', () => {
    expect(shortCalls).toBeGreaterThan(100);
  });
});

test.runIf(process.platform === 'linux')('a full disk is NO_SPACE', async () => {
  const file = await fileSystem.open('/dev/full', 'update');
  const noSpace = expect.objectContaining({
    code: 'NO_SPACE',
    details: { operation: 'write', path: '/dev/full', errno: 'ENOSPC' },
  });
  await expect(file.write(new Uint8Array(10), 0)).rejects.toEqual(noSpace);
  expect(() => file.writeSync(new Uint8Array(10), 0)).toThrow(noSpace);
  await file.close();
});

test.skipIf(process.platform === 'win32')('a forbidden write is READ_ONLY', async () => {
  const directory = await mkdtemp(`${tmpdir()}/holdfast-node-`);
  await chmod(directory, 0o555);
  const readOnly = expect.objectContaining({ code: 'READ_ONLY' });
  // Root may write anywhere, so it becomes somebody else for a moment.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await expect(fileSystem.open(`${directory}/file`, 'create')).rejects.toEqual(readOnly);
    await expect(fileSystem.createDirectory(`${directory}/deep`)).rejects.toEqual(readOnly);
    await expect(fileSystem.lockDirectory(directory)).rejects.toEqual(readOnly);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
  await rm(directory, { recursive: true });
});
