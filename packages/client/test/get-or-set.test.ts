/**
 * Goal: clients that ask for one cold key load it once among them, and whatever happens to the one
 * who loads it, the others get a value, and none that a write has won over is stored. Method:
 * several clients of the real sidecar, in this process; a proxy to cut one off, and a child process
 * that is killed. Not covered: getOrSet within one process and its options
 * (cache-conformance.test.ts), the fill TTL (core and the sidecar, on clocks that are moved by
 * hand).
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { HoldfastError } from '@holdfast/core';
import { serve } from '@holdfast/grpc-sidecar';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Client, connect, type Duration, type Loader } from '../src/index.ts';
import { CuttableProxy } from './cuttable-proxy.ts';

const CLIENT = fileURLToPath(new URL('../dist/index.js', import.meta.url));

let sidecar: Awaited<ReturnType<typeof serve>>;
let address: string;
let clients: Client[];
let errors: HoldfastError[];

beforeEach(async () => {
  const cache = { persistent: false };
  sidecar = await serve({ cache, listen: '127.0.0.1:0', drainTimeout: '1s' });
  address = sidecar.addresses[0] as string;
  clients = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await sidecar.close();
});

async function client(at = address, timeout: Duration = '5s'): Promise<Client> {
  const one = await connect(at, { timeout, onError: (error) => errors.push(error) });
  clients.push(one);
  return one;
}

/** A loader that says when it runs, and ends when told to. */
class Load {
  count = 0;
  signal: AbortSignal | undefined;
  #start = (): void => {};
  readonly started: Promise<void> = new Promise((resolve) => {
    this.#start = resolve;
  });
  finish: (value: unknown) => void = () => {};
  fail: (reason: unknown) => void = () => {};
  readonly loader: Loader<unknown> = ({ signal }) => {
    this.count += 1;
    this.signal = signal;
    this.#start();
    return new Promise((resolve, reject) => {
      this.finish = resolve;
      this.fail = reject;
    });
  };
}

/** Starts a load, and has another client ask while it is under way. */
async function loadAndAsk(first: Client, second: Client) {
  const load = new Load();
  const loading = first.cache.getOrSet('a', load.loader);
  await load.started;
  const next = new Load();
  const waiting = second.cache.getOrSet('a', next.loader);
  // Its question is on another connection: the server has it when a later one there is answered.
  await second.cache.getOrSet('other', () => 1);
  expect(next.count).toBe(0);
  return { load, loading, next, waiting };
}

it('loads a cold key once for all clients that ask at the same time', async () => {
  const all = await Promise.all(Array.from({ length: 6 }, () => client()));
  const load = new Load();
  const asking = all.flatMap(({ cache }) =>
    Array.from({ length: 20 }, () => cache.getOrSet('a', load.loader, { ttl: '1h' })),
  );
  // The server has every question when a later one on the same connection is answered.
  await Promise.all(all.map(({ cache }) => cache.getOrSet('other', () => 1)));
  load.finish({ loads: 1 });
  for (const value of await Promise.all(asking)) expect(value).toEqual({ loads: 1 });
  expect(await all[0]!.cache.get('a')).toEqual({ loads: 1 });
  expect(await all[0]!.cache.ttl('a')).toBeLessThanOrEqual(3_600_000);
  expect([load.count, errors]).toEqual([1, []]);
});

it('loads in the next client when the loader of the first fails, or gives up', async () => {
  const [one, two] = [await client(), await client()];
  const failed = await loadAndAsk(one, two);
  const reason = new Error('the origin is down');
  failed.load.fail(reason);
  await expect(failed.loading).rejects.toBe(reason);
  await failed.next.started;
  failed.next.finish('two');
  expect(await failed.waiting).toBe('two');
  await one.cache.delete('a');

  const abort = new AbortController();
  const load = new Load();
  const leaving = one.cache.getOrSet('a', load.loader, { signal: abort.signal });
  await load.started;
  const next = two.cache.getOrSet('a', () => 'next');
  abort.abort(reason);
  await expect(leaving).rejects.toBe(reason);
  expect(load.signal?.reason).toBe(reason);
  expect(await next).toBe('next');
  load.finish('late');
  expect(await one.cache.get('a')).toBe('next');
  expect(errors).toEqual([]);
});

it('asks once, and by nobody again in time, for what is not there', async () => {
  const all = await Promise.all(Array.from({ length: 4 }, () => client()));
  const load = new Load();
  const ask = () =>
    Promise.all(all.map(({ cache }) => cache.getOrSet('a', load.loader, { negativeTtl: '1h' })));
  const asking = ask();
  await Promise.all(all.map(({ cache }) => cache.getOrSet('other', () => 1)));
  load.finish(undefined);
  expect(new Set(await asking)).toEqual(new Set([undefined]));
  expect(new Set(await ask())).toEqual(new Set([undefined]));
  expect([load.count, errors]).toEqual([1, []]);
  await all[0]!.cache.set('a', 'there');
  await all[1]!.cache.delete('a');
  expect(await all[2]!.cache.getOrSet('a', () => 'loaded')).toBe('loaded');
});

it('gives what was loaded to those who wait, and does not store it, when a write has won', async () => {
  const [one, two, three] = [await client(), await client(), await client()];
  const { load, loading, waiting } = await loadAndAsk(one, two);
  await three.cache.delete('a');
  const fresh = three.cache.getOrSet('a', () => 'after');
  expect(await fresh).toBe('after');
  load.finish('before');
  expect(await Promise.all([loading, waiting])).toEqual(['before', 'before']);
  expect(await three.cache.get('a')).toBe('after');
});

it('loads in the next client when the first is cut off, whose value is not stored', async () => {
  const proxy = await new CuttableProxy(address).start();
  const [one, two] = [await client(proxy.address), await client()];
  const { load, loading, next, waiting } = await loadAndAsk(one, two);
  proxy.cut();
  await next.started;
  next.finish('two');
  expect(await waiting).toBe('two');
  load.finish('one');
  expect(await loading).toBe('one');
  expect(await two.cache.get('a')).toBe('two');
  proxy.close();
});

it('loads in the next client when the process of the first is killed', async () => {
  const program = `
    import { connect } from ${JSON.stringify(CLIENT)};
    const client = await connect(process.argv[2]);
    await client.cache.getOrSet('a', () => { console.log('loading'); return new Promise(() => {}); });
  `;
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', program, 'program', address],
    { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const two = await client();
  const next = new Load();
  const waiting = two.cache.getOrSet('a', next.loader);
  await two.cache.getOrSet('other', () => 1);
  expect(next.count).toBe(0);
  child.kill('SIGKILL');
  await next.started;
  next.finish('two');
  expect(await waiting).toBe('two');
}, 30_000);

it('loads for itself and at once without a server, stores nothing, and onError hears of it', async () => {
  const one = await client(address, '1m');
  const { cache } = one;
  const load = new Load();
  const loading = cache.getOrSet('a', load.loader);
  await load.started;
  await sidecar.close();
  load.finish('loaded');
  expect(await loading).toBe('loaded');
  expect(await cache.getOrSet('b', () => 'alone')).toBe('alone');
  const codes = new Set(errors.map(({ code }) => code));
  expect([...codes]).toEqual(['UNAVAILABLE']);
  await one.close();
  await expect(cache.getOrSet('a', () => 1)).rejects.toMatchObject({ code: 'CLOSED' });
}, 30_000);

it('refuses options that nobody knows', async () => {
  const { cache } = await client();
  await expect(cache.getOrSet('a', () => 1, { tag: 't' } as never)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
  await expect(connect(address, { onError: 5 as never })).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
  });
});
