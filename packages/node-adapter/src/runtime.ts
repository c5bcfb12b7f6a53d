import type { Runtime } from '@holdfast/core';
import { nodeAccelerators } from './accelerators.ts';
import { readNodeBootTime } from './boot-time.ts';
import { loadNodeCipher } from './cipher.ts';
import { nodeClock } from './clock.ts';
import { nodeCompressors } from './compressors.ts';
import { NodeFileSystem } from './file-system.ts';
import { nodeRandom } from './random.ts';

/** Everything core asks of a runtime, as Node has it. */
export function nodeRuntime(): Runtime {
  return {
    fileSystem: new NodeFileSystem(),
    clock: nodeClock,
    random: nodeRandom,
    accelerators: nodeAccelerators,
    compressors: nodeCompressors,
    loadCipher: loadNodeCipher,
    readBootTime: readNodeBootTime,
    reportError: (error) => process.emitWarning(error),
  };
}
