// Goal: every native error has the code a caller can act on. Method: errors as Node throws them.
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { translateError } from './errors.ts';

test('a native error has its code, its facts, and itself as the cause', () => {
  const codes = {
    ENOSPC: 'NO_SPACE',
    EDQUOT: 'NO_SPACE',
    EROFS: 'READ_ONLY',
    EACCES: 'READ_ONLY',
    EPERM: 'READ_ONLY',
    EIO: 'IO',
    ENOENT: 'IO',
    toString: 'IO',
  };
  for (const [errno, code] of Object.entries(codes)) {
    const native = Object.assign(new Error('native'), { code: errno });
    const error = translateError(native, 'write', '/data/y-1.seg');
    expect(error).toBeInstanceOf(HoldfastError);
    expect(error).toMatchObject({
      code,
      details: { operation: 'write', path: '/data/y-1.seg', errno },
      message: `${code}: write failed path=/data/y-1.seg errno=${errno}`,
    });
    expect(error.cause).toBe(native);
  }
});

test('anything else that was thrown is IO, and an error of ours stays as it is', () => {
  for (const thrown of [undefined, null, 'text', 7, { code: 7 }, new Error('bare')]) {
    expect(translateError(thrown, 'list', '/data').code).toBe('IO');
  }
  const ours = new HoldfastError('CLOSED', 'closed');
  expect(translateError(ours, 'list', '/data')).toBe(ours);
});
