import type { Runtime } from '@holdfast/core';
import { denoAccelerators } from './accelerators.ts';
import { readDenoBootTime } from './boot-time.ts';
import { loadDenoCipher } from './cipher.ts';
import { denoClock } from './clock.ts';
import { denoCompressors } from './compressors.ts';
import { DenoFileSystem } from './file-system.ts';
import { denoRandom } from './random.ts';

/** Everything core asks of a runtime, as Deno has it. */
export function denoRuntime(): Runtime {
  return {
    fileSystem: new DenoFileSystem(),
    clock: denoClock,
    random: denoRandom,
    accelerators: denoAccelerators,
    compressors: denoCompressors,
    loadCipher: loadDenoCipher,
    readBootTime: readDenoBootTime,
    // biome-ignore lint/suspicious/noConsole: the place for an error that nobody else takes.
    reportError: (error) => console.error(error),
  };
}
