/**
 * The part of `cacheConformance` about watch: which changes are told, in order, and how it ends.
 */
import type { ChangeEvent, WatchOptions } from '../cache/watch.ts';
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';
import { expectSame } from './expect-same.ts';
import { rejection } from './started-load.ts';

const NEEDS = ['watch'] as const;
const MIB = 1024 * 1024;
const EVENTS_MAX = 1024;

export const WATCH_TESTS: readonly CacheTest[] = [
  {
    name: 'watch tells of every change in order, and of nothing else',
    needs: [...NEEDS, 'take', 'clear', 'increment', 'compareAndSet', 'getOrSet'],
    run: async ({ open }) => {
      const { cache, close } = await open({ valueBytesMax: 1_000 });
      await cache.set('before', 1);
      const events = cache.watch();
      const bytes = new Uint8Array([0xff, 1]);
      await cache.setMany([['a', 1] as const, [bytes, 2] as const]);
      bytes[0] = 0;
      await cache.setIfAbsent('a', 2);
      await cache.setIfAbsent('b', 2);
      await cache.compareAndSet('b', 3, { version: -1n });
      await cache.increment('count');
      await cache.getOrSet('loaded', () => 4);
      await cache.getOrSet('loaded', () => 5);
      await cache.touch('a', { ttl: '1h' });
      await rejection(cache.set('a', new Uint8Array(2_000)));
      await rejection(cache.set('a', () => 1));
      await cache.get('a');
      await cache.delete('none');
      await cache.take('a');
      await cache.deleteMany(['before', 'b', 'none']);
      await cache.clear();
      await cache.set('a', 6);
      const version = (await cache.getEntry('a'))?.version;
      await close();
      const told = await readAll(events);
      const expected = [
        ['set', 'a'],
        ['set', new Uint8Array([0xff, 1])],
        ['set', 'b'],
        ['set', 'count'],
        ['set', 'loaded'],
        ['delete', 'a'],
        ['delete', 'before'],
        ['delete', 'b'],
        ['clear', undefined],
        ['set', 'a'],
      ];
      expectSame(told.map(typeAndKey), expected, 'the events');
      const last = told.at(-1);
      expectEqual(last?.type === 'set' && last.version, version, 'the version of the last one');
    },
  },
  {
    name: 'watch with a prefix tells of keys that begin with it, and of every clear',
    needs: [...NEEDS, 'clear'],
    run: async ({ open }) => {
      const { cache, close } = await open();
      const [all, users] = [cache.watch(), cache.watch({ prefix: 'user:' })];
      for (const key of ['user:1', 'users', 'user:', new TextEncoder().encode('user:2')]) {
        await cache.set(key, 1);
      }
      await cache.delete('users');
      await cache.delete('user:1');
      await cache.clear();
      await close();
      const expected = [
        ['set', 'user:1'],
        ['set', 'user:'],
        ['delete', 'user:1'],
        ['clear', undefined],
      ];
      expectSame((await readAll(users)).map(typeAndKey), expected, 'the events of users');
      expectEqual((await readAll(all)).length, 7, 'the number of all events');
    },
  },
  {
    name: 'a watch that waits is told as soon as something changes',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const events = cache.watch();
      const waiting = [events.next(), events.next()];
      await cache.set('a', 1);
      await cache.set('b', 1);
      const told = await Promise.all(waiting);
      expectSame(
        told.map(({ value }) => value && typeAndKey(value)),
        [
          ['set', 'a'],
          ['set', 'b'],
        ],
        'the events, to who asked first',
      );
    },
  },
  {
    name: 'a watch ends with its signal, with the cache, and when its loop is left',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache, close } = await open();
      const controller = new AbortController();
      const { signal } = controller;
      const [aborted, waiting, closed] = [
        cache.watch({ signal }),
        readAll(cache.watch({ signal })),
        readAll(cache.watch()),
      ];
      const left = cache.watch();
      await cache.set('a', 1);
      for await (const event of left) {
        expectEqual(event.type, 'set', 'the type of the event');
        break;
      }
      await cache.set('b', 1);
      controller.abort(new Error('enough'));
      await cache.set('c', 1);
      expectEqual((await readAll(aborted)).length, 0, 'events after the abort');
      expectEqual((await waiting).length, 2, 'events of who waited for them');
      expectEqual((await readAll(left)).length, 0, 'events after the loop was left');
      const late = cache.watch({ signal });
      expectEqual((await late.next()).done, true, 'a watch whose signal has aborted before');
      const unread = cache.watch();
      await cache.set('d', 1);
      await close();
      expectEqual((await closed).length, 4, 'events until the cache was closed');
      expectEqual((await readAll(unread)).length, 1, 'events that waited when it was closed');
      await expectFailure(() => cache.watch(), 'CLOSED', 'watching a closed cache');
    },
  },
  {
    name: 'a watch that is too slow keeps the oldest events and then says how many it missed',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      const [slow, other] = [cache.watch(), cache.watch({ prefix: 'x' })];
      const writes = Array.from({ length: EVENTS_MAX + 7 }, (_, index) => cache.set(`${index}`, 1));
      writes.push(cache.set('x', 1));
      await Promise.all(writes);
      for (let index = 0; index < EVENTS_MAX; index++) {
        const { value } = await slow.next();
        expectSame(value && typeAndKey(value), ['set', `${index}`], 'an event');
      }
      await cache.set('y', 1);
      const overflow = (await slow.next()).value;
      expectSame(overflow, { type: 'overflow', missed: 9 }, 'the overflow');
      await cache.set('z', 1);
      const { value } = await slow.next();
      expectSame(value && typeAndKey(value), ['set', 'z'], 'the event afterwards');
      const own = (await other.next()).value;
      expectSame(own && typeAndKey(own), ['set', 'x'], 'what another watch is told');
    },
  },
  {
    name: 'watch tells of each value that is evicted',
    needs: [...NEEDS, 'stats'],
    run: async ({ open }) => {
      const { cache, close } = await open({ memoryBytesMax: MIB, diskBytesMax: MIB });
      await cache.set('own', 1, { durability: 'written' });
      const reading = readAll(cache.watch());
      const value = new Uint8Array(4_000);
      for (let index = 0; index < 400; index++) {
        await cache.set(`${index}`, value, { durability: 'written' });
      }
      const { evictions } = await cache.stats();
      await close();
      const told = (await reading).filter(({ type }) => type === 'evict').map(typeAndKey);
      expectTrue(evictions > 50, `${evictions} evictions`);
      expectEqual(told.length, evictions, 'the number of events');
      const keys = new Set(told.map(([, key]) => key));
      expectEqual(keys.size, evictions, 'the number of keys');
      expectTrue(keys.has('own') && keys.has('0') && !keys.has('399'), 'the oldest keys');
    },
  },
  {
    name: 'watch tells of expired values when their space is reclaimed',
    needs: [...NEEDS, 'stats'],
    run: async ({ open, advance, clock }) => {
      const limits = { memoryBytesMax: MIB, diskBytesMax: MIB };
      const { cache, close } = await open({ ...limits, cleanupInterval: 10, flushInterval: 1 });
      const events = cache.watch();
      const expiresAt = clock.wallMs() + 60;
      const value = new Uint8Array(1_000);
      const writes = Array.from({ length: 80 }, (_, index) =>
        cache.set(`${index}`, value, { expiresAt, durability: 'written' }),
      );
      await Promise.all(writes);
      await advance(150);
      const { expirations } = await cache.stats();
      await close();
      const told = (await readAll(events)).filter(({ type }) => type === 'expire');
      expectTrue(expirations >= 16, `${expirations} values to have been reclaimed`);
      expectEqual(told.length, expirations, 'the number of events');
      const keys = new Set(told.map((event) => Number(typeAndKey(event)[1])));
      expectEqual(keys.size, expirations, 'the number of keys');
      expectTrue(keys.has(0) && Math.max(...keys) < 80, 'the keys');
    },
  },
  {
    name: 'watch refuses a prefix that is no text, a signal that is none, and other options',
    needs: NEEDS,
    run: async ({ open }) => {
      const { cache } = await open();
      for (const options of [{ prefix: 5 }, { signal: 5 }, { key: 'a' }, 'a', null]) {
        const watching = () => cache.watch(options as WatchOptions);
        const what = `watching with ${JSON.stringify(options)}`;
        await expectFailure(watching, 'INVALID_ARGUMENT', what);
      }
    },
  },
];

async function readAll(events: AsyncIterable<ChangeEvent>): Promise<ChangeEvent[]> {
  const all: ChangeEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function typeAndKey(event: ChangeEvent): readonly [string, unknown] {
  return [event.type, 'key' in event ? event.key : undefined];
}
