/**
 * The part of `cacheConformance` about fenced writes: what is written under a lease is written only
 * while that is held.
 */
import type { SetOptions } from '../cache/entry.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import type { BasicCache, JudgedCache } from './judged-cache.ts';

type Write<C> = (cache: C, fence: SetOptions) => Promise<unknown>;

/** Each changes 'a', which is 1, or 'b', which is not there. */
const BASIC_WRITES: Readonly<Record<string, Write<BasicCache>>> = {
  set: (cache, fence) => cache.set('a', 2, fence),
  setIfAbsent: (cache, fence) => cache.setIfAbsent('b', 2, fence),
  touch: (cache, { fence }) => cache.touch('a', { ttl: '5m', fence }),
  setMany: (cache, fence) => cache.setMany([['b', 3]], fence),
  'setMany with options of their own': (cache, fence) =>
    cache.setMany([['b', 4, { ttl: '1h' }]], fence),
  'setMany with fences of their own': (cache, fence) => cache.setMany([['b', 5, fence]]),
  delete: (cache, fence) => cache.delete('b', fence),
  deleteMany: (cache, fence) => cache.deleteMany(['a'], fence),
};

const OTHER_WRITES: Readonly<Record<string, Write<JudgedCache>>> = {
  take: (cache, fence) => cache.take('a', fence),
  increment: (cache, fence) => cache.increment('a', 5, fence),
  compareAndSet: (cache, fence) => cache.compareAndSet('b', 2, { version: undefined, ...fence }),
  invalidateTags: (cache, fence) => cache.invalidateTags(['t'], fence),
  clear: (cache, fence) => cache.clear(fence),
};

export const FENCE_TESTS: readonly CacheTest[] = [
  {
    name: 'a write under a lease is made while that is held, and refused once it is over',
    run: async ({ open, takeErrors }) => {
      const { cache, locks } = await open();
      const lease = await locks.acquire('deploy');
      await cache.set('a', 1, { ttl: '1h' });
      const { version } = (await cache.getEntry('a')) ?? {};
      await lease.release();
      for (const [name, write] of Object.entries(BASIC_WRITES)) {
        await expectStale(() => write(cache, { fence: lease }), name);
        expectEqual((await cache.getEntry('a'))?.version, version, `the version after ${name}`);
        expectEqual(await cache.has('b'), false, `having b after ${name}`);
      }
      const next = await locks.acquire('deploy');
      await expectStale(() => cache.set('a', 9, { fence: lease }), 'set behind another holder');
      for (const [name, write] of Object.entries(BASIC_WRITES)) {
        await write(cache, { fence: next });
        const { name: lock, token } = next;
        await write(cache, { fence: { name: lock, token } });
        expectTrue(name !== 'set' || (await cache.get('a')) === 2, 'a to be set');
      }
      expectSame(await cache.getMany(['a', 'b']), [undefined, undefined], 'what is left');
      await next.release();
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'every other write takes a fence, and one of a namespace as well',
    needs: ['take', 'increment', 'compareAndSet', 'invalidateTags', 'clear', 'namespace'],
    run: async ({ open, takeErrors }) => {
      const { cache: store, locks } = await open();
      for (const cache of [store, store.namespace('inner')]) {
        const lease = await locks.acquire('deploy');
        await lease.release();
        const next = await locks.acquire('deploy');
        for (const [name, write] of Object.entries({ ...OTHER_WRITES, ...BASIC_WRITES })) {
          await cache.set('a', 1, { tags: ['t'] });
          await cache.delete('b');
          const { version } = (await cache.getEntry('a')) ?? {};
          await expectStale(() => write(cache, { fence: lease }), name);
          expectEqual((await cache.getEntry('a'))?.version, version, `the version after ${name}`);
          expectEqual(await cache.has('b'), false, `having b after ${name}`);
          await write(cache, { fence: next });
          const changed = (await cache.getEntry('a'))?.version !== version || cache.has('b');
          expectTrue((await changed) || name === 'delete', `${name} to change something`);
        }
        await next.release();
      }
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'readers of one lock write side by side, and not behind a writer; permits as well',
    run: async ({ open, takeErrors }) => {
      const { cache, locks } = await open();
      const modes = [{ mode: 'shared' }, { mode: 'permit', capacity: 2 }] as const;
      for (const terms of modes) {
        const first = await locks.acquire('table', terms);
        const second = await locks.acquire('table', terms);
        for (const fence of [first, second, first]) await cache.set('a', fence.token, { fence });
        await first.release();
        await cache.set('a', 1, { fence: second });
        await second.release();
        const writer = await locks.acquire('table');
        await expectStale(() => cache.set('a', 2, { fence: first }), 'an earlier holder');
        await expectStale(() => cache.set('a', 2, { fence: second }), 'an earlier holder');
        await cache.set('a', 3, { fence: writer });
        await writer.release();
        expectEqual(await cache.get('a'), 3, 'the value');
      }
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'a lease that ran out fences off its writes though nobody has the lock',
    run: async ({ open, advance, takeErrors }) => {
      const { cache, locks } = await open();
      const { name, token } = await locks.acquire('deploy', { maxHold: 120 });
      await cache.set('a', 1, { fence: { name, token } });
      await advance(130);
      await expectStale(() => cache.set('a', 2, { fence: { name, token } }), 'set');
      expectEqual(await cache.get('a'), 1, 'the value');
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'a fence with the name of another lock, or a token nobody was granted, holds nothing',
    run: async ({ open, takeErrors }) => {
      const { cache, locks } = await open();
      const lease = await locks.acquire('deploy');
      const { token } = lease;
      await expectStale(() => cache.set('a', 1, { fence: { name: 'other', token } }), 'a name');
      for (const other of [0n, token - 1n, token + 1n, 2n ** 64n - 1n]) {
        const fence = { name: 'deploy', token: other };
        await expectStale(() => cache.set('a', 1, { fence }), `the token ${other}`);
      }
      for (const fence of [5, null, 'deploy', {}, { name: 'deploy' }, { name: 5, token }]) {
        const set = () => cache.set('a', 1, { fence: fence as never });
        await expectFailure(set, 'INVALID_ARGUMENT', `the fence ${String(fence)}`);
      }
      const number = { name: 'deploy', token: Number(token) } as never;
      await expectFailure(() => cache.delete('a', { fence: number }), 'INVALID_ARGUMENT', 'delete');
      expectEqual(await cache.has('a'), false, 'having a');
      await lease.release();
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'what a getOrSet has loaded is not stored once its lease is over',
    needs: ['getOrSet'],
    run: async ({ open, takeErrors }) => {
      const { cache, locks } = await open();
      const lease = await locks.acquire('deploy');
      expectEqual(await cache.getOrSet('a', () => 1, { fence: lease }), 1, 'the value');
      expectEqual(await cache.get('a'), 1, 'what is stored');
      const load = async () => {
        await lease.release();
        return 2;
      };
      expectEqual(await cache.getOrSet('b', load, { fence: lease }), 2, 'the value');
      expectEqual(await cache.get('b'), undefined, 'what is stored');
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: "a key lock's lease is a fence in the cache that it is of",
    needs: ['lock', 'namespace'],
    run: async ({ open, takeErrors }) => {
      const { cache } = await open();
      const inner = cache.namespace('inner');
      await inner.withLock('a', (lease) => inner.set('a', 1, { fence: lease }));
      expectEqual(await inner.get('a'), 1, 'the value');
      const lease = await cache.lock('a');
      await expectStale(() => inner.set('a', 2, { fence: lease }), 'a lease of the outer cache');
      await cache.set('a', 3, { fence: lease });
      await lease.release();
      await expectStale(() => cache.set('a', 4, { fence: lease }), 'a lease that is over');
      expectEqual(await cache.get('a'), 3, 'the value');
      expectStaleErrors(takeErrors());
    },
  },
  {
    name: 'a fence of before a restart is refused after it',
    needs: ['reopen'],
    run: async ({ open, takeErrors }) => {
      const first = await open();
      const { name, token } = await first.locks.acquire('deploy');
      await first.cache.set('a', 1, { fence: { name, token } });
      await first.close();
      const { cache, locks } = await open();
      await expectStale(() => cache.set('a', 2, { fence: { name, token } }), 'set');
      await locks.request('deploy', (lease) => cache.set('a', 3, { fence: lease }));
      await expectStale(() => cache.set('a', 2, { fence: { name, token } }), 'set');
      expectEqual(await cache.get('a'), 3, 'the value');
      expectStaleErrors(takeErrors());
    },
  },
];

async function expectStale(run: () => unknown, what: string): Promise<void> {
  await expectFailure(run, 'STALE_FENCING_TOKEN', what);
}

/** A caller may not await a write: `onError` hears of what was refused too, of a cache in here. */
function expectStaleErrors(errors: readonly { readonly code: string }[]): void {
  for (const { code } of errors) {
    if (code === 'INVALID_ARGUMENT') continue;
    expectEqual(code, 'STALE_FENCING_TOKEN', 'what onError heard');
  }
}
