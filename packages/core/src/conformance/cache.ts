/**
 * Judges a cache by the rules of its interface, whoever keeps it: the embedded engine on any
 * runtime, or a client and the server behind it. One file per subject; tests of the numbered rules
 * name their rule.
 *
 * The suite awaits whatever a method gives, so synchronous and asynchronous caches pass the same
 * tests. What a target cannot do yet it declares in `lacks`; the tests that need it are skipped
 * with the reason given, and a target that declares a method lacking which it has fails: the list
 * cannot outlive its reason.
 *
 * Not judged here: crashes and full disks (core's simulator), other processes (the adapters),
 * limits under load.
 */
import type { CacheOptions } from '../cache/cache-options.ts';
import type { HoldfastError } from '../errors.ts';
import type { LockManager } from '../locks/locks.ts';
import type { Clock } from '../ports/clock.ts';
import type { FileSystem } from '../ports/file-system.ts';
import { BAD_OPTION_TESTS } from './cache-bad-options.ts';
import { CODEC_TESTS } from './cache-codecs.ts';
import { COMPRESSION_TESTS } from './cache-compression.ts';
import { DAMAGE_TESTS } from './cache-damage.ts';
import { ENCRYPTION_TESTS } from './cache-encryption.ts';
import { EXPIRY_TESTS } from './cache-expiry.ts';
import { FENCE_TESTS } from './cache-fences.ts';
import { KEY_TESTS } from './cache-keys.ts';
import { LEASE_TESTS } from './cache-leases.ts';
import { LIFECYCLE_TESTS } from './cache-lifecycle.ts';
import { LOAD_ABORT_TESTS } from './cache-load-aborts.ts';
import { LOAD_OPTION_TESTS } from './cache-load-options.ts';
import { LOAD_TESTS } from './cache-loads.ts';
import { KEY_LOCK_TESTS } from './cache-locks.ts';
import { MAINTENANCE_TESTS } from './cache-maintenance.ts';
import { MISUSE_TESTS } from './cache-misuse.ts';
import { NAMESPACE_CALL_TESTS } from './cache-namespace-calls.ts';
import { NAMESPACE_TESTS } from './cache-namespaces.ts';
import { READ_TESTS } from './cache-reads.ts';
import { REOPEN_TESTS } from './cache-reopen.ts';
import { CONDITION_TESTS } from './cache-set-if.ts';
import { STALE_TESTS } from './cache-stale.ts';
import { STALE_LOAD_TESTS } from './cache-stale-loads.ts';
import { TAG_TESTS } from './cache-tags.ts';
import { TTL_TESTS } from './cache-ttls.ts';
import { VALUE_TESTS } from './cache-values.ts';
import { WATCH_TESTS } from './cache-watch.ts';
import { WRITE_TESTS } from './cache-writes.ts';
import { expectEqual } from './expect.ts';
import type { BasicCache, JudgedCache } from './judged-cache.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** Methods that a cache may lack, and what else a target may be unable to do. */
export type CacheCapability =
  | Exclude<keyof JudgedCache, keyof BasicCache>
  /** The directory keeps what was written when the cache is closed and opened again. */
  | 'reopen'
  /** `open` takes any codec, and it decides how values are written. */
  | 'codec'
  /** `getOrSet` takes `staleWhileRevalidate` and `staleIfError`. */
  | 'stale values'
  /** `getOrSet` takes `negativeTtl`. */
  | 'negative TTLs'
  /** Values may be, or hold, a `Map`. */
  | 'map values'
  /** A write nobody awaits may fail without an unhandled rejection. */
  | 'unawaited writes'
  /**
   * `advance` moves a clock that stands still otherwise: years cost nothing, and no read is late.
   */
  | 'manual clock';

/** An opened cache. Closing it twice is fine. */
export interface OpenedCache extends AsyncDisposable {
  readonly cache: BasicCache & Partial<JudgedCache>;
  readonly locks: LockManager;
  close(): Promise<void>;
}

/** A place for one store, used by one test. */
export interface CacheFixture {
  /** Empty, or missing. */
  readonly directory: string;
  /** Where `directory` is: tests look at files, and damage them. */
  readonly fileSystem: FileSystem;
  /** The clock by which the cache's values expire. */
  readonly clock: Pick<Clock, 'wallMs'>;
  /** Lets at least `ms` milliseconds pass on it. */
  readonly advance: (ms: number) => Promise<void>;
  /** Opens the store in `options.directory`; `directory` and `onError` are always given. */
  readonly open: (options: CacheOptions) => Promise<OpenedCache>;
}

export interface CacheConformanceTarget extends ConformanceTarget, FixtureSource<CacheFixture> {
  readonly lacks?: readonly {
    readonly reason: string;
    readonly capabilities: readonly CacheCapability[];
  }[];
}

/** What a test gets: the fixture, without needing to clean up. */
export interface CacheBench extends Omit<CacheFixture, 'open'> {
  /** Opens the store with small limits; the suite closes what a test leaves open. */
  readonly open: (options?: CacheOptions) => Promise<Required<OpenedCache> & FullyOpened>;
  /**
   * What `onError` heard since the last call. A test fails if damage or a failed write is left
   * unheard.
   */
  readonly takeErrors: () => readonly HoldfastError[];
}

/** A test may use every method: those it needs that a target can lack are in its `needs`. */
interface FullyOpened {
  readonly cache: JudgedCache;
  readonly locks: LockManager;
}

/** @internal */
export interface CacheTest {
  readonly name: string;
  readonly needs?: readonly CacheCapability[];
  readonly run: (bench: CacheBench) => Promise<void>;
}

const MIB = 1024 * 1024;
const SMALL: CacheOptions = { memoryBytesMax: 16 * MIB, diskBytesMax: 64 * MIB };

const TESTS: readonly CacheTest[] = [
  ...READ_TESTS,
  ...WRITE_TESTS,
  ...CONDITION_TESTS,
  ...VALUE_TESTS,
  ...CODEC_TESTS,
  ...COMPRESSION_TESTS,
  ...KEY_TESTS,
  ...EXPIRY_TESTS,
  ...TTL_TESTS,
  ...LOAD_TESTS,
  ...LOAD_ABORT_TESTS,
  ...LOAD_OPTION_TESTS,
  ...STALE_TESTS,
  ...STALE_LOAD_TESTS,
  ...KEY_LOCK_TESTS,
  ...LEASE_TESTS,
  ...FENCE_TESTS,
  ...WATCH_TESTS,
  ...TAG_TESTS,
  ...NAMESPACE_TESTS,
  ...NAMESPACE_CALL_TESTS,
  ...LIFECYCLE_TESTS,
  ...REOPEN_TESTS,
  ...DAMAGE_TESTS,
  ...ENCRYPTION_TESTS,
  ...MAINTENANCE_TESTS,
  ...MISUSE_TESTS,
  ...BAD_OPTION_TESTS,
];

/** Registers the tests of a cache. On a real clock they let less than two seconds pass in all. */
export function cacheConformance(target: CacheConformanceTarget): void {
  const lacking = new Map<CacheCapability, string>();
  for (const { reason, capabilities } of target.lacks ?? []) {
    for (const capability of capabilities) lacking.set(capability, reason);
  }
  const unsupported = [...(target.unsupported ?? [])];
  for (const { name, needs = [] } of TESTS) {
    const missing = needs.find((capability) => lacking.has(capability));
    if (missing === undefined) continue;
    unsupported.push({ reason: `${missing}: ${lacking.get(missing)}`, tests: [name] });
  }
  registerSuite('cache', { ...target, unsupported }, [
    lacksNoMore([...lacking.keys()]),
    ...TESTS.map(onBench),
  ]);
}

function onBench({ name, run }: CacheTest): SuiteTest<CacheFixture> {
  return {
    name,
    run: async (fixture) => {
      const opened: OpenedCache[] = [];
      const errors: HoldfastError[] = [];
      const open: CacheBench['open'] = async (options) => {
        const one = await fixture.open({
          ...SMALL,
          directory: fixture.directory,
          onError: (error) => errors.push(error),
          ...options,
        });
        opened.push(one);
        // What a target lacks, only tests use that are left out for it.
        return one as OpenedCache & FullyOpened;
      };
      try {
        await run({ ...fixture, open, takeErrors: () => errors.splice(0) });
      } catch (error) {
        // The failure is worth more than what closing says after it.
        await Promise.allSettled(opened.map((one) => one.close()));
        throw error;
      }
      await Promise.all(opened.map((one) => one.close()));
      const unheard = errors.filter(({ code }) => !REFUSALS.has(code));
      expectEqual(unheard.map(String).join('; '), '', 'what onError heard');
    },
  };
}

/** Errors of the caller, who has heard them. */
const REFUSALS: ReadonlySet<string> = new Set(['INVALID_ARGUMENT', 'TOO_LARGE']);

function lacksNoMore(lacking: readonly CacheCapability[]): SuiteTest<CacheFixture> {
  return onBench({
    name: 'has none of the methods that it is said to lack',
    run: async ({ open }) => {
      const { cache } = await open();
      for (const capability of lacking) {
        expectEqual(
          capability in cache,
          false,
          `having ${capability}, which is said to be lacking,`,
        );
      }
    },
  });
}
