/** The part of `cacheConformance` about named leases: `cache.locks`, or a client's `locks`. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';

export const LEASE_TESTS: readonly CacheTest[] = [
  {
    name: 'leases are granted first come, first served, to one at a time, with rising tokens',
    run: async ({ open }) => {
      const { locks } = await open();
      const order: number[] = [];
      const tokens: bigint[] = [];
      let holders = 0;
      const first = await locks.acquire('deploy');
      const waiting = Array.from({ length: 8 }, (_, index) =>
        locks.request('deploy', async (lease) => {
          expectEqual(++holders, 1, 'the number of holders');
          order.push(index);
          tokens.push(lease.token);
          await Promise.resolve();
          holders--;
          return index;
        }),
      );
      tokens.push(first.token);
      await first.release();
      expectSame(await Promise.all(waiting), [0, 1, 2, 3, 4, 5, 6, 7], 'what the callbacks gave');
      expectSame(order, [0, 1, 2, 3, 4, 5, 6, 7], 'the order of holders');
      for (let index = 1; index < tokens.length; index++) {
        const isHigher = (tokens[index] as bigint) > (tokens[index - 1] as bigint);
        expectTrue(isHigher, `token ${index} to be above the one before it`);
      }
    },
  },
  {
    name: 'a lease tells its name, deadline and that it is held, and renews',
    run: async ({ open, clock }) => {
      const { locks } = await open();
      const lease = await locks.acquire('deploy', { ttl: '10s' });
      expectEqual(lease.name, 'deploy', 'its name');
      expectEqual(lease.signal.aborted, false, 'its signal being aborted');
      expectTrue(lease.token > 0n, 'a token above 0n');
      const left = lease.expiresAt - clock.wallMs();
      expectTrue(left > 5_000 && left <= 10_001, `about 10 s to be left, not ${left} ms`);
      lease.assertHeld();
      await lease.renew();
      await lease.release();
      await lease.release();
      expectEqual(lease.signal.aborted, false, 'its signal being aborted by a release');
      await expectFailure(async () => lease.assertHeld(), 'LEASE_LOST', 'assertHeld');
      await expectFailure(() => lease.renew(), 'LEASE_LOST', 'renewing a released lease');
    },
  },
  {
    name: 'tryAcquire gives a lease if the lock is free, and never waits',
    run: async ({ open }) => {
      const { locks } = await open();
      const lease = await locks.tryAcquire('deploy');
      expectTrue(lease !== undefined, 'a lease');
      expectEqual(await locks.tryAcquire('deploy'), undefined, 'a second lease');
      const other = await locks.tryAcquire('other', { ttl: '15s' });
      expectTrue(other !== undefined, 'another lock to be free');
      await lease.release();
      const next = await locks.tryAcquire('deploy');
      expectTrue(next !== undefined && next.token > lease.token, 'a lease with a higher token');
      await next.release();
      await other.release();
    },
  },
  {
    name: 'request releases though its callback fails, and rejects with what was thrown',
    run: async ({ open }) => {
      const { locks } = await open();
      const reason = new Error('from the callback');
      const failed = await locks
        .request('deploy', { ttl: '15s' }, () => Promise.reject(reason))
        .catch((error: unknown) => error);
      expectEqual(failed, reason, 'what request rejects with');
      await using lease = await locks.acquire('deploy', { wait: '1s' });
      lease.assertHeld();
    },
  },
  {
    name: 'await using gives a lease back',
    run: async ({ open }) => {
      const { locks } = await open();
      {
        await using lease = await locks.acquire('deploy');
        lease.assertHeld();
      }
      expectTrue((await locks.tryAcquire('deploy')) !== undefined, 'the lock to be free');
    },
  },
  {
    name: 'who waits too long for a lease gets LOCK_TIMEOUT, and others wait on',
    run: async ({ open, advance }) => {
      const { locks } = await open();
      const lease = await locks.acquire('deploy');
      const none = () => locks.acquire('deploy', { wait: 0 });
      await expectFailure(none, 'LOCK_TIMEOUT', 'not waiting');
      let ran = false;
      const run = () => {
        ran = true;
      };
      const short = expectFailure(
        () => locks.request('deploy', { wait: 20 }, run),
        'LOCK_TIMEOUT',
        'waiting 20 ms',
      );
      const long = locks.acquire('deploy', { wait: '1h' });
      await advance(25);
      await short;
      expectEqual(ran, false, 'running its callback');
      await lease.release();
      await (await long).release();
    },
  },
  {
    name: 'an abort leaves the queue for a lease with its reason, and a granted one alone',
    run: async ({ open }) => {
      const { locks } = await open();
      const holding = new AbortController();
      const lease = await locks.acquire('deploy', { signal: holding.signal });
      holding.abort();
      lease.assertHeld();
      const controller = new AbortController();
      const { signal } = controller;
      const leaving = locks.acquire('deploy', { signal }).catch((error: unknown) => error);
      const staying = locks.acquire('deploy');
      const reason = new Error('gone');
      controller.abort(reason);
      expectEqual(await leaving, reason, 'what the one who left is told');
      await lease.release();
      await (await staying).release();
      const late = await locks.tryAcquire('deploy', { signal }).catch((error: unknown) => error);
      expectEqual(late, reason, 'what one is told who has aborted before');
    },
  },
  {
    name: 'query tells who holds and who waits, of all locks or of those with a prefix',
    run: async ({ open }) => {
      const { locks } = await open();
      const lease = await locks.acquire('deploy');
      const other = await locks.acquire('other', { mode: 'shared' });
      const waiting = locks.acquire('deploy');
      // A server may hear of the question first: it comes over another connection.
      let { held, waiting: queued } = await locks.query({ prefix: 'dep' });
      while (queued.length === 0) {
        ({ held, waiting: queued } = await locks.query({ prefix: 'dep' }));
      }
      expectSame(
        held.map(({ name, token }) => [name, token]),
        [['deploy', lease.token]],
        'held',
      );
      expectSame(
        queued.map(({ name }) => name),
        ['deploy'],
        'waiting',
      );
      await lease.release();
      await (await waiting).release();
      expectSame(
        (await locks.query()).held.map(({ name, mode, permits }) => [name, mode, permits]),
        [['other', 'shared', 1]],
        'all that is held',
      );
      await other.release();
      expectEqual((await locks.query()).held.length, 0, 'locks held at the end');
    },
  },
  {
    name: 'readers share a lock, a writer has it alone, and neither overtakes the other',
    run: async ({ open }) => {
      const { locks } = await open();
      const first = await locks.acquire('table', { mode: 'shared' });
      const second = await locks.acquire('table', { mode: 'shared' });
      const order: string[] = [];
      const run = (mode: 'exclusive' | 'shared', name: string) =>
        locks.request('table', { mode }, () => void order.push(name));
      const turns = [run('exclusive', 'writer'), run('shared', 'reader')];
      expectEqual(await locks.tryAcquire('table', { mode: 'shared' }), undefined, 'a third reader');
      await first.release();
      expectSame(order, [], 'who ran while a reader was left');
      await second.release();
      await Promise.all(turns);
      expectSame(order, ['writer', 'reader'], 'who ran after the readers');
    },
  },
  {
    name: 'permits are given out up to the capacity, and every one comes back',
    run: async ({ open }) => {
      const { locks } = await open();
      const permit = { mode: 'permit', capacity: 3 } as const;
      const one = await locks.acquire('pool', permit);
      const two = await locks.acquire('pool', { ...permit, permits: 2 });
      expectEqual(await locks.tryAcquire('pool', permit), undefined, 'a fourth permit');
      const mixed = { mode: 'permit', capacity: 4 } as const;
      await expectFailure(
        () => locks.acquire('pool', mixed),
        'INVALID_ARGUMENT',
        'a capacity of 4',
      );
      await expectFailure(() => locks.acquire('pool'), 'INVALID_ARGUMENT', 'an exclusive lease');
      await one.release();
      const three = await locks.acquire('pool', permit);
      await Promise.all([two.release(), three.release()]);
      await (await locks.acquire('pool')).release();
    },
  },
  {
    name: 'a lease ends with its longest hold, renewed or not, and the lock stays closed for its delay',
    run: async ({ open, advance, clock }) => {
      const { locks } = await open();
      const lease = await locks.acquire('deploy', { maxHold: 300, lockDelay: 400 });
      const { signal } = lease;
      const left = lease.revokesAt - clock.wallMs();
      expectTrue(left > 0 && left <= 301, `up to 300 ms to be left, not ${left}`);
      // They are read one after the other, while the time goes on.
      expectTrue(lease.expiresAt <= lease.revokesAt + 1, 'it to expire then at the latest');
      const next = locks.acquire('deploy');
      await advance(310);
      expectEqual(signal.aborted, true, 'its signal being aborted');
      await expectFailure(async () => lease.assertHeld(), 'LEASE_LOST', 'assertHeld');
      expectEqual(await locks.tryAcquire('deploy'), undefined, 'the lock while it is closed');
      await advance(500);
      await (await next).release();
    },
  },
  {
    name: 'locks refuse bad names, modes and durations',
    run: async ({ open }) => {
      const { locks } = await open();
      const names = ['', 'x'.repeat(513), '€'.repeat(171), '\ud800', 5, null, undefined];
      for (const name of names as string[]) {
        const what = `the name ${String(name).slice(0, 20)}`;
        await expectFailure(() => locks.acquire(name), 'INVALID_ARGUMENT', what);
        await expectFailure(() => locks.tryAcquire(name), 'INVALID_ARGUMENT', what);
        await expectFailure(() => locks.request(name, () => 1), 'INVALID_ARGUMENT', what);
      }
      const options = [
        ...[{ ttl: 99 }, { ttl: '25h' }, { ttl: '5 parsecs' }, { mode: 'both' }],
        ...[{ permits: 1 }, { capacity: 1 }, { mode: 'permit' }],
        { mode: 'permit', capacity: 2, permits: 3 },
        ...[{ lockDelay: '2h' }, { maxHold: 99 }],
      ];
      for (const bad of [...options, { wait: -1 }] as never[]) {
        await expectFailure(() => locks.acquire('a', bad), 'INVALID_ARGUMENT', 'bad options');
        const request = () => locks.request('a', bad, () => 1);
        await expectFailure(request, 'INVALID_ARGUMENT', 'bad options of a request');
      }
      const noCallback = () => locks.request('a', 5 as never);
      await expectFailure(noCallback, 'INVALID_ARGUMENT', 'a callback that is a number');
      for (const name of ['x'.repeat(512), '__proto__', '日本語 🦀']) {
        expectEqual(await locks.request(name, (lease) => lease.name), name, 'the name of a lease');
      }
    },
  },
  {
    name: 'fencing tokens rise over restarts',
    needs: ['reopen'],
    run: async ({ open }) => {
      let last = 0n;
      for (let turn = 0; turn < 3; turn++) {
        const { locks, close } = await open();
        for (let index = 0; index < 3; index++) {
          const { token } = await locks.request('deploy', async (lease) => lease);
          expectTrue(token > last, `token ${token} of opening ${turn} to be above ${last}`);
          last = token;
        }
        await close();
      }
    },
  },
  {
    name: 'closing rejects who waits for a lease with CLOSED',
    run: async ({ open }) => {
      const { locks, close } = await open();
      await locks.acquire('deploy');
      const waiting = expectFailure(() => locks.acquire('deploy'), 'CLOSED', 'waiting');
      await close();
      await waiting;
      await expectFailure(() => locks.acquire('deploy'), 'CLOSED', 'acquiring afterwards');
      await expectFailure(() => locks.tryAcquire('deploy'), 'CLOSED', 'trying afterwards');
      await expectFailure(() => locks.request('deploy', () => 1), 'CLOSED', 'a request');
    },
  },
];
