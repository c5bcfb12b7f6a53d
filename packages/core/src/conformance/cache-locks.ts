/** The part of `cacheConformance` about the locks of keys: lock, tryLock, withLock. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

const NEEDS = ['lock', 'tryLock', 'withLock'] as const;

export const KEY_LOCK_TESTS: readonly CacheTest[] = [
  {
    name: 'lock is granted first come, first served, to one at a time',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const order: number[] = [];
      let holders = 0;
      const work = async (index: number): Promise<void> => {
        const lease = await cache.lock('a');
        expectEqual(++holders, 1, 'the number of holders');
        order.push(index);
        await cache.set('a', index);
        holders--;
        await lease.release();
      };
      await Promise.all(Array.from({ length: 10 }, (_, index) => work(index)));
      expectSame(order, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 'the order of holders');
    },
  },
  {
    name: 'tryLock gives the lock if it is free, and does not wait',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const lease = await cache.tryLock('a');
      expectTrue(lease !== undefined, 'a lease');
      expectEqual(lease.name, 'a', 'its name');
      expectEqual(lease.expiresAt, Number.POSITIVE_INFINITY, 'its deadline without a ttl');
      expectEqual(await cache.tryLock('a'), undefined, 'a second lease');
      const other = await cache.tryLock('b');
      expectTrue(other !== undefined, "another key's lock to be free");
      await lease.release();
      await lease.release();
      const next = await cache.tryLock('a');
      expectTrue(next !== undefined, 'the lock to be free after its release');
      expectTrue(next.token > other.token && other.token > lease.token, 'tokens to rise');
    },
  },
  {
    name: 'withLock gives what its work gave, and releases though it failed',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      expectEqual(await cache.withLock('a', () => 5), 5, 'what it gives');
      const reason = new Error('from the work');
      const failed = await cache
        .withLock('a', async () => {
          throw reason;
        })
        .catch((error: unknown) => error);
      expectEqual(failed, reason, 'what it rejects with');
      const held = await cache.withLock('a', () => cache.tryLock('a'));
      expectEqual(held, undefined, 'another lease during the work');
      expectTrue((await cache.tryLock('a')) !== undefined, 'the lock to be free afterwards');
    },
  },
  {
    name: 'a lock is for its key by text and by bytes, and stops neither get nor set',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      await using lease = await cache.lock('grüße');
      lease.assertHeld();
      const bytes = new TextEncoder().encode('grüße');
      expectEqual(await cache.tryLock(bytes), undefined, 'the lock by bytes');
      await cache.set('grüße', 1);
      expectEqual(await cache.get(bytes), 1, 'the value of a locked key');
    },
  },
  {
    name: 'await using releases a lock',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      {
        await using lease = await cache.lock('a');
        lease.assertHeld();
      }
      expectTrue((await cache.tryLock('a')) !== undefined, 'the lock to be free');
    },
  },
  {
    name: 'who waits too long gets LOCK_TIMEOUT, and others wait on',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const lease = await cache.lock('a');
      await expectFailure(() => cache.lock('a', { wait: 0 }), 'LOCK_TIMEOUT', 'not waiting');
      const short = expectFailure(() => cache.lock('a', { wait: 5 }), 'LOCK_TIMEOUT', 'waiting');
      const long = cache.lock('a', { wait: '1h' });
      await advance(10);
      await short;
      await lease.release();
      (await long).assertHeld();
    },
  },
  {
    name: 'an abort leaves the queue with its reason, and costs the others nothing',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const lease = await cache.lock('a');
      const controller = new AbortController();
      const leaving = cache
        .withLock('a', () => 'ran', { signal: controller.signal })
        .catch((error: unknown) => error);
      const staying = cache.lock('a');
      const reason = new Error('gone');
      controller.abort(reason);
      expectEqual(await leaving, reason, 'what the one who left is told');
      await lease.release();
      (await staying).assertHeld();
      const late = await cache.lock('b', { signal: controller.signal }).catch((error) => error);
      expectEqual(late, reason, 'what one is told who has aborted before');
    },
  },
  {
    name: 'a lock with a ttl is lost unless renewed, and the next waiter gets it',
    needs: NEEDS,
    run: async ({ open, advance }) => {
      const { cache } = await open();
      const lease = await cache.lock('a', { ttl: 100 });
      await advance(60);
      await lease.renew();
      const { signal } = lease;
      const next = cache.lock('a');
      await advance(110);
      (await next).assertHeld();
      expectTrue(signal.aborted, 'the signal to abort');
      await expectFailure(async () => lease.assertHeld(), 'LEASE_LOST', 'assertHeld');
      await expectFailure(() => lease.renew(), 'LEASE_LOST', 'renewing');
      await lease.release();
      expectEqual(await cache.tryLock('a'), undefined, 'the lock after the late release');
    },
  },
  {
    name: 'lock, tryLock and withLock refuse bad keys and options',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      for (const bad of [{ ttl: 5 }, { ttl: '25h' }, { wait: -1 }, { wait: 'long' }] as never[]) {
        await expectFailure(() => cache.lock('a', bad), 'INVALID_ARGUMENT', 'lock');
        const locked = () => cache.withLock('a', () => 1, bad);
        await expectFailure(locked, 'INVALID_ARGUMENT', 'withLock');
      }
      const key = 5 as never;
      await expectFailure(() => cache.lock(key), 'INVALID_ARGUMENT', 'lock');
      await expectFailure(async () => cache.tryLock(key), 'INVALID_ARGUMENT', 'tryLock');
      const long = new Uint8Array(65_537);
      await expectFailure(() => cache.lock(long), 'TOO_LARGE', 'locking a key too long');
      expectTrue((await cache.tryLock('a')) !== undefined, 'the lock to be free');
    },
  },
  {
    name: 'closing rejects who waits for a lock with CLOSED, and its holder has lost it',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache, close } = await open();
      const lease = await cache.lock('a');
      const waiting = expectFailure(() => cache.lock('a'), 'CLOSED', 'waiting for the lock');
      await close();
      await waiting;
      await expectFailure(async () => lease.assertHeld(), 'LEASE_LOST', 'assertHeld');
    },
  },
];
