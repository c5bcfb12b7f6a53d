// Goal: a full disk and a forbidden one have their codes, and Deno's own permissions count as
// forbidden.
// Method: a test without the permission to write; errors as Deno throws them.
// Not covered: a disk that is really full (Deno opens /dev/full only with all permissions).
import { HoldfastError } from '@holdfast/core';
import { expectEqual, expectFailure, expectTrue } from '@holdfast/core/conformance';
import { translateError } from './errors.ts';
import { DenoFileSystem } from './file-system.ts';

Deno.test('a native error has its code, and itself as the cause', () => {
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
    expectTrue(error instanceof HoldfastError, 'a HoldfastError');
    expectEqual(error.code, code, `the code of ${errno}`);
    expectEqual(error.cause, native, 'the cause');
  }
});

Deno.test({
  name: 'what the permissions of Deno forbid is READ_ONLY',
  permissions: { read: true, write: false },
  fn: async () => {
    const fileSystem = new DenoFileSystem();
    for (const run of [
      () => fileSystem.createDirectory('/holdfast-forbidden'),
      () => fileSystem.open('/holdfast-forbidden', 'create'),
      () => fileSystem.openSync('/holdfast-forbidden', 'create'),
      () => fileSystem.rename('/holdfast-forbidden', '/holdfast-forbidden-too'),
      () => fileSystem.remove('/holdfast-forbidden'),
      () => fileSystem.lockDirectory('/'),
    ]) {
      await expectFailure(run, 'READ_ONLY', 'what is forbidden');
    }
  },
});
