import type { Runtime } from '@holdfast/core';
import { bunAccelerators } from './accelerators.ts';
import { readBunBootTime } from './boot-time.ts';
import { loadBunCipher } from './cipher.ts';
import { bunClock } from './clock.ts';
import { bunCompressors } from './compressors.ts';
import { BunFileSystem } from './file-system.ts';
import { bunRandom } from './random.ts';

/** Everything core asks of a runtime, as Bun has it. */
export function bunRuntime(): Runtime {
  return {
    fileSystem: new BunFileSystem(),
    clock: bunClock,
    random: bunRandom,
    accelerators: bunAccelerators,
    compressors: bunCompressors,
    loadCipher: loadBunCipher,
    readBootTime: readBunBootTime,
    reportError: (error) => process.emitWarning(error),
  };
}
