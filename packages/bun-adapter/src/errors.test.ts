// Goal: a full disk and a forbidden one have their codes, and a process in the way is named.
// Method: Linux's /dev/full; errors as Bun throws them. Not covered: other systems' error names.
import { expect, test } from 'bun:test';
import { HoldfastError } from '@holdfast/core';
import { translateError } from './errors.ts';
import { BunFileSystem } from './file-system.ts';

test('a native error has its code, and itself as the cause', () => {
  for (const [errno, code] of [
    ['ENOSPC', 'NO_SPACE'],
    ['EDQUOT', 'NO_SPACE'],
    ['EROFS', 'READ_ONLY'],
    ['EACCES', 'READ_ONLY'],
    ['EPERM', 'READ_ONLY'],
    ['EIO', 'IO'],
    ['toString', 'IO'],
  ] as const) {
    const native = Object.assign(new Error('native'), { code: errno });
    const error = translateError(native, 'write', '/data/y-1.seg');
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error.code).toBe(code);
    expect(error.cause).toBe(native);
  }
});

test.if(process.platform === 'linux')('a full disk is NO_SPACE', async () => {
  const file = await new BunFileSystem().open('/dev/full', 'update');
  const noSpace = expect.objectContaining({ code: 'NO_SPACE' });
  await expect(file.write(new Uint8Array(10), 0)).rejects.toEqual(noSpace);
  expect(() => file.writeSync(new Uint8Array(10), 0)).toThrow('NO_SPACE');
  await file.close();
});
