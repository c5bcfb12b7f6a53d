// Goal: Bun's implementation of every port keeps the port's promises. Method: core's suites on real
// files and real time. Not covered: power cuts (core's simulator) and locks of other processes
// (node-adapter's directory-lock.test.ts, which runs all three runtimes).
import { test } from 'bun:test';
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
import { loadBunCipher } from './cipher.ts';
import { BunFileSystem } from './file-system.ts';
import { bunRuntime } from './runtime.ts';

const { fileSystem, clock, random, accelerators, compressors } = bunRuntime();
const withoutFlock = new BunFileSystem({ flockProgram: 'holdfast-has-no-such-program' });

for (const [name, judged] of Object.entries({ fileSystem, withoutFlock })) {
  fileSystemConformance({
    test: (title, run) => test(`${name}: ${title}`, run),
    create: async () => ({
      fileSystem: judged,
      directory: await mkdtemp(`${tmpdir()}/holdfast-bun-`),
    }),
    dispose: ({ directory }) => rm(directory, { recursive: true }),
  });
}
clockConformance({
  test,
  create: () => ({ clock, pass: (ms) => new Promise((done) => setTimeout(done, ms + 1)) }),
});
randomConformance({ test, create: () => random });
acceleratorsConformance({ test, create: () => accelerators ?? {} });
compressorsConformance({ test, create: () => compressors ?? {} });
cipherConformance({ test, create: loadBunCipher });
