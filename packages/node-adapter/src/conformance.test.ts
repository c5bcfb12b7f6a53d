// Goal: Node's implementation of every port keeps the port's promises. Method: core's suites on
// real files and real time. Not covered: power cuts (core's simulator) and locks of other processes
// (directory-lock.test.ts).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import {
  acceleratorsConformance,
  cipherConformance,
  clockConformance,
  compressorsConformance,
  fileSystemConformance,
  randomConformance,
} from '@holdfast/core/conformance';
import { test } from 'vitest';
import { loadNodeCipher } from './cipher.ts';
import { nodeRuntime } from './runtime.ts';

const { fileSystem, clock, random, accelerators, compressors } = nodeRuntime();

fileSystemConformance({
  test,
  create: async () => ({ fileSystem, directory: await mkdtemp(`${tmpdir()}/holdfast-node-`) }),
  dispose: ({ directory }) => rm(directory, { recursive: true }),
});
clockConformance({
  test,
  create: () => ({ clock, pass: (ms) => new Promise((done) => setTimeout(done, ms + 1)) }),
});
randomConformance({ test, create: () => random });
acceleratorsConformance({ test, create: () => accelerators ?? {} });
compressorsConformance({ test, create: () => compressors ?? {} });
cipherConformance({ test, create: loadNodeCipher });
