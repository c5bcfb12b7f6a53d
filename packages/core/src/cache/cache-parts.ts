import type { Engine } from '../engine/engine.ts';
import type { VerifyReport } from '../engine/verification.ts';
import type { TokenSource } from '../locks/index.ts';
import type { Runtime } from '../ports/runtime.ts';
import { CacheLoader } from './cache-loader.ts';
import type { CacheLocks } from './cache-locks.ts';
import type { CacheSettings } from './cache-options.ts';
import { CachedValues, type SharedByNamespaces, type ValueCoding } from './cached-values.ts';
import { CallGuard } from './call-guard.ts';
import { Fills } from './fills.ts';
import { Loads } from './loads.ts';
import { Namespace } from './namespace.ts';
import { ChangeFeed } from './watch.ts';

/** What a cache is made of: one of a store as a whole, or a view of one of its namespaces. */
export interface CacheParts<V> extends SharedByNamespaces, ValueCoding {
  readonly settings: CacheSettings;
  readonly random: Runtime['random'];
  readonly locks: CacheLocks;
  readonly guard: CallGuard;
  readonly values: CachedValues<V>;
  readonly loader: CacheLoader<V>;
  /** Loads that callers of its backend make. */
  readonly fills: Fills;
}

/** What is there once a store was opened. */
export interface StoreParts {
  readonly settings: CacheSettings;
  readonly engine: Engine;
  readonly coding: ValueCoding;
  readonly locks: CacheLocks;
  readonly tokens: TokenSource;
}

export function createCacheParts<V>(
  { clock, random }: Pick<Runtime, 'clock' | 'random'>,
  { settings, engine, coding, locks, tokens }: StoreParts,
): CacheParts<V> {
  const remoteLoads = new Loads(clock);
  const counters = { hits: 0, misses: 0, sets: 0, deletes: 0, loads: 0 };
  const shared = {
    ...coding,
    engine,
    settings,
    random,
    loads: new Loads(clock, remoteLoads),
    fills: new Fills({
      loads: remoteLoads,
      tokens,
      clock,
      counters,
      nowMs: () => engine.clock.nowMs(),
    }),
    changes: new ChangeFeed((listener) => engine.listenToRemovals(listener)),
    counters,
    locks,
  };
  return partsIn(shared, new CallGuard(engine, settings.engine), Namespace.NONE);
}

/** Those of a namespace in another cache: everything is shared but what belongs to its keys. */
export function namespaceParts<V>(outer: CacheParts<unknown>, name: string): CacheParts<V> {
  return partsIn(outer, outer.guard.inner(), outer.values.namespace.within(name));
}

/** Closes the store, or of a namespace the view alone. Rejects if a write failed. */
export async function closeParts(parts: CacheParts<unknown>): Promise<void> {
  const { guard, engine, loads, changes, locks, values } = parts;
  if (!guard.isOpen) return;
  guard.close();
  changes.endClosed();
  if (values.namespace !== Namespace.NONE) return engine.flush();
  loads.supersedeAll();
  // The directory is another process's from the engine's close on.
  await locks.close().finally(() => engine.close());
}

/** Checks the files of the store: those of its records, and the lock journal. */
export async function verifyParts({ engine, locks }: CacheParts<unknown>): Promise<VerifyReport> {
  const [store, journal] = await Promise.all([
    engine.maintenance.verify(),
    locks.backend.verifyJournal(),
  ]);
  return {
    files: store.files + journal.files,
    bytes: store.bytes + journal.bytes,
    records: store.records,
    damage: [...store.damage, ...journal.damage],
  };
}

function partsIn<V>(
  shared: Omit<CacheParts<unknown>, 'guard' | 'values' | 'loader'>,
  guard: CallGuard,
  namespace: Namespace,
): CacheParts<V> {
  const values = new CachedValues<V>(shared, namespace);
  const { loads, random, settings } = shared;
  return {
    ...shared,
    guard,
    values,
    loader: new CacheLoader({ values, loads, random, settings, guard }),
  };
}
