// Goal: Deno's implementation of every port keeps the port's promises. Method: core's suites on
// real files and real time. Not covered: power cuts (core's simulator) and locks of other processes
// (node-adapter's directory-lock.test.ts, which runs all three runtimes).
import {
  acceleratorsConformance,
  cipherConformance,
  clockConformance,
  compressorsConformance,
  fileSystemConformance,
  randomConformance,
} from '@holdfast/core/conformance';
import { loadDenoCipher } from './cipher.ts';
import { denoRuntime } from './runtime.ts';

const { fileSystem, clock, random, accelerators, compressors } = denoRuntime();

fileSystemConformance({
  test: Deno.test,
  create: async () => ({ fileSystem, directory: await Deno.makeTempDir({ prefix: 'holdfast-' }) }),
  dispose: ({ directory }) => Deno.remove(directory, { recursive: true }),
});
clockConformance({
  test: Deno.test,
  create: () => ({ clock, pass: (ms) => new Promise((done) => setTimeout(done, ms + 1)) }),
});
randomConformance({ test: Deno.test, create: () => random });
acceleratorsConformance({ test: Deno.test, create: () => accelerators ?? {} });
compressorsConformance({ test: Deno.test, create: () => compressors ?? {} });
cipherConformance({ test: Deno.test, create: loadDenoCipher });
