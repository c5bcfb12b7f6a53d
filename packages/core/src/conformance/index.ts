/** Suites that judge any implementation of a port; they import no test runner (see suite.ts). */
export { acceleratorsConformance } from './accelerators.ts';
export {
  type CacheBench,
  type CacheCapability,
  type CacheConformanceTarget,
  type CacheFixture,
  cacheConformance,
  type OpenedCache,
} from './cache.ts';
export { embeddedCacheFixture } from './cache-fixture.ts';
export { cipherConformance } from './cipher.ts';
export { type ClockFixture, clockConformance } from './clock.ts';
export { compressorsConformance } from './compressors.ts';
export {
  expectBytes,
  expectEqual,
  expectFailure,
  expectSameTexts,
  expectTrue,
} from './expect.ts';
export { expectSame } from './expect-same.ts';
export { type FileSystemFixture, fileSystemConformance } from './file-system.ts';
export type { BasicCache, JudgedCache, JudgedEntry } from './judged-cache.ts';
export { randomConformance } from './random.ts';
export {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
  type UnsupportedTests,
} from './suite.ts';
