// Goal: what a caller does in the middle of an operation, or to its buffers meanwhile, changes only
// that. Method: getters and handlers that use the cache, key buffers used again, on a simulated
// machine. Not covered: the same through gRPC, where values are bytes.
import { expect, test } from 'vitest';
import { simulatedRuntime } from '../testing/index.ts';
import type { Cache } from './cache.ts';
import { openCacheOn } from './open-cache.ts';

async function open(): Promise<Cache> {
  return openCacheOn(simulatedRuntime({ seed: 1 }), { directory: '/store' });
}

test('a getter that sets the key first wins over setIfAbsent and compareAndSet', async () => {
  const cache = await open();
  const racing = (key: string): object => ({
    get value() {
      void cache.set(key, 'from the getter');
      return 1;
    },
  });
  expect(await cache.setIfAbsent('a', racing('a'))).toBe(false);
  expect(cache.get('a')).toBe('from the getter');
  const { stored } = await cache.compareAndSet('b', racing('b'), { version: undefined });
  expect(stored).toBe(false);
  expect(cache.get('b')).toBe('from the getter');
  await cache.close();
});

test('a key buffer may be used again while its value is loaded', async () => {
  const cache = await open();
  const buffer = new Uint8Array([1]);
  const loading = cache.getOrSet(buffer, () => 'loaded');
  buffer[0] = 2;
  await loading;
  expect(cache.get(new Uint8Array([1]))).toBe('loaded');
  expect(cache.has(new Uint8Array([2]))).toBe(false);
  await cache.close();
});

test('versions rise over restarts though the records that had the last ones are gone', async () => {
  let machine = simulatedRuntime({ seed: 1 });
  let last = 0n;
  for (let round = 0; round < 4; round++) {
    const cache = await openCacheOn(machine, { directory: '/store' });
    await cache.set('key', round);
    const { version } = cache.getEntry('key')!;
    expect(version).toBeGreaterThan(last);
    last = version;
    await cache.clear();
    await cache.close();
    machine = machine.fork();
  }
});

test('many-calls on a closed cache say so, with nothing to do as well', async () => {
  const cache = await open();
  await cache.close();
  await expect(cache.deleteMany([])).rejects.toMatchObject({ code: 'CLOSED' });
  await expect(cache.setMany([])).rejects.toMatchObject({ code: 'CLOSED' });
  expect(() => cache.getMany([])).toThrow(expect.objectContaining({ code: 'CLOSED' }));
});
