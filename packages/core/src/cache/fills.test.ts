// Goal: one caller of many makes a value, and the others get it, whatever happens to the one.
// Method: the backend of a cache in memory, on a clock that is moved by hand.
// Not covered: streams and their ends (the sidecar's get-or-lease.test.ts).
import { beforeEach, describe, expect, test } from 'vitest';
import type { CacheBackend, CacheOperationResult, EncodedEntry } from '../backend/cache-backend.ts';
import { type SimulatedRuntime, settle, simulatedRuntime } from '../testing/index.ts';
import type { Cache } from './cache.ts';
import { openCacheOn } from './open-cache.ts';

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const KEY = encode('k');
const NEWER = { encoding: 'text', data: new TextEncoder().encode('newer') } as const;
const TTL_MS = 1_000;

let machine: SimulatedRuntime;
let cache: Cache;
let backend: CacheBackend;
/** Names of those who were told to load, in order. */
let leaders: string[];

beforeEach(async () => {
  machine = simulatedRuntime();
  cache = await openCacheOn(machine, {
    persistent: false,
    valueBytesMax: 1_000,
    onError: () => {},
  });
  backend = cache.backend();
  leaders = [];
});

class Caller {
  readonly abort = new AbortController();
  token = 0n;
  /** The text it was given, or why it was given none. */
  outcome: string | undefined;
  entry: EncodedEntry | undefined;

  constructor(name: string, key: Uint8Array = KEY, of: CacheBackend = backend) {
    const onLease = (token: bigint): void => {
      this.token = token;
      leaders.push(name);
    };
    of.getOrLease({ key, ttlMs: TTL_MS, signal: this.abort.signal, onLease }).then(
      (entry) => {
        this.entry = entry;
        this.outcome = entry === undefined ? 'none' : new TextDecoder().decode(entry.data);
      },
      (error: unknown) => {
        this.outcome = String((error as { code?: string }).code ?? error);
      },
    );
  }
}

async function ask(...names: string[]): Promise<Caller[]> {
  const callers = names.map((name) => new Caller(name));
  await settle();
  return callers;
}

async function fill(
  caller: Caller,
  text: string,
  key = KEY,
  of = backend,
): Promise<CacheOperationResult> {
  const value = { encoding: 'text', data: new TextEncoder().encode(text) } as const;
  const [result] = await of.execute([{ kind: 'set', key, value, fillToken: caller.token }]);
  await settle();
  return result!;
}

function outcomes(callers: readonly Caller[]): (string | undefined)[] {
  return callers.map(({ outcome }) => outcome);
}

test('the first is told to load, and its value is stored and given to all', async () => {
  const callers = await ask('a', 'b', 'c');
  expect(leaders).toEqual(['a']);
  expect(outcomes(callers)).toEqual([undefined, undefined, undefined]);
  const { version } = (await fill(callers[0]!, 'v')) as { version: bigint };
  expect(outcomes(callers)).toEqual(['v', 'v', 'v']);
  expect(callers.map(({ entry }) => entry!.version)).toEqual([version, version, version]);
  expect(cache.getEntry('k')).toMatchObject({ value: 'v', version });
  expect(outcomes(await ask('d'))).toEqual(['v']);
  expect(leaders).toEqual(['a']);
});

test('nothing is left of a load that is over', async () => {
  const before = machine.clock.pendingTimers;
  const callers = await ask('a', 'b', 'c');
  callers[0]!.abort.abort('gone');
  await settle();
  await fill(callers[1]!, 'v');
  expect(machine.clock.pendingTimers).toBe(before);
});

test('who asks may use its buffer for the key again', async () => {
  const key = encode('k');
  const leader = new Caller('a', key);
  const waiter = new Caller('b', key);
  await settle();
  key.fill(0);
  await cache.set('k', 'newer');
  leader.abort.abort('gone');
  await settle();
  expect([waiter.outcome, leaders]).toEqual(['newer', ['a']]);
});

test('a set that follows the fill at once is read after it', async () => {
  const [leader] = await ask('a');
  const value = { encoding: 'text', data: new TextEncoder().encode('v') } as const;
  const results = await backend.execute([
    { kind: 'set', key: KEY, value, fillToken: leader!.token },
    { kind: 'get', key: KEY },
  ]);
  expect(results).toMatchObject([{ stored: true }, { entry: { encoding: 'text' } }]);
});

describe('a write during the load wins', () => {
  test.each<[string, () => unknown, unknown]>([
    ['set', () => cache.set('k', 'newer'), 'newer'],
    [
      'a set of a server',
      () => backend.execute([{ kind: 'set', key: KEY, value: NEWER }]),
      'newer',
    ],
    ['delete', () => cache.delete('k'), undefined],
    ['clear', () => cache.clear(), undefined],
  ])('%s', async (_, write, left) => {
    const callers = await ask('a', 'b');
    await write();
    const late = await ask('late');
    expect(await fill(callers[0]!, 'old')).toMatchObject({ kind: 'set', stored: false });
    // Who waited before the write is given what was loaded; who came later is not.
    expect(outcomes(callers)).toEqual(['old', 'old']);
    expect(callers[1]!.entry!.version).toBe(0n);
    expect(outcomes(late)).toEqual([left]);
    expect(cache.get('k')).toBe(left);
    expect(leaders).toEqual(left === undefined ? ['a', 'late'] : ['a']);
  });
});

test('who gives up is followed by the next in line, and its value is not stored', async () => {
  const callers = await ask('a', 'b', 'c');
  callers[0]!.abort.abort(new Error('gone'));
  await settle();
  expect(leaders).toEqual(['a', 'b']);
  expect(await fill(callers[0]!, 'late')).toMatchObject({ stored: false, version: 0n });
  expect(cache.has('k')).toBe(false);
  await fill(callers[1]!, 'v');
  expect(outcomes(callers)).toEqual(['Error: gone', 'v', 'v']);
  expect(await fill(callers[1]!, 'again')).toMatchObject({ stored: false });
  expect(cache.get('k')).toBe('v');
});

test('when the time of the one is over the next is told', async () => {
  const callers = await ask('a', 'b');
  await machine.clock.advance(TTL_MS - 1);
  expect(leaders).toEqual(['a']);
  await machine.clock.advance(1);
  expect(leaders).toEqual(['a', 'b']);
  expect(outcomes(callers)).toEqual(['UNAVAILABLE', undefined]);
  await fill(callers[1]!, 'new');
  expect(await fill(callers[0]!, 'old')).toMatchObject({ stored: false });
  expect(cache.get('k')).toBe('new');
});

test('a waiter that aborts leaves with its reason, and the load goes on', async () => {
  const callers = await ask('a', 'b', 'c');
  callers[1]!.abort.abort('changed my mind');
  await settle();
  await fill(callers[0]!, 'v');
  expect(outcomes(callers)).toEqual(['v', 'changed my mind', 'v']);
});

test('who waits for a load that a write has won over, and that is given up, joins the next', async () => {
  const callers = await ask('a', 'b', 'c');
  await cache.delete('k');
  const [newer] = await ask('newer');
  callers[0]!.abort.abort('gone');
  await settle();
  expect(leaders).toEqual(['a', 'newer']);
  await fill(newer!, 'v');
  expect(outcomes(callers)).toEqual(['gone', 'v', 'v']);
  expect(cache.get('k')).toBe('v');
});

test('all may give up one after the other, and the next who asks leads', async () => {
  for (const caller of await ask('a', 'b', 'c')) {
    caller.abort.abort('gone');
    await settle();
  }
  expect(leaders).toEqual(['a', 'b', 'c']);
  const [next] = await ask('d');
  expect(leaders).toEqual(['a', 'b', 'c', 'd']);
  await fill(next!, 'v');
  expect(cache.get('k')).toBe('v');
});

test('who aborts before its turn is not told', async () => {
  const caller = new Caller('a');
  caller.abort.abort('at once');
  await settle();
  expect([leaders, caller.outcome]).toEqual([[], 'at once']);
  expect((await ask('b'))[0]!.token).not.toBe(0n);
});

test('a value that cannot be stored is given to all, and the write fails', async () => {
  const callers = await ask('a', 'b');
  const text = 'x'.repeat(1_001);
  expect(await fill(callers[0]!, text)).toMatchObject({ error: { code: 'TOO_LARGE' } });
  expect(outcomes(callers)).toEqual([text, text]);
  expect(cache.has('k')).toBe(false);
  await ask('c');
  expect(leaders).toEqual(['a', 'c']);
});

test('a token is of one key, and keys load side by side', async () => {
  const other = new TextEncoder().encode('other');
  const one = new Caller('one');
  const two = new Caller('two', other);
  await settle();
  expect(leaders).toEqual(['one', 'two']);
  expect(await fill(one, 'x', other)).toMatchObject({ stored: false });
  expect([one.outcome, two.outcome]).toEqual([undefined, undefined]);
  await fill(two, 'two', other);
  await fill(one, 'one');
  expect([cache.get('k'), cache.get('other')]).toEqual(['one', 'two']);
});

describe('who finds that there is none', () => {
  const none = async (caller: Caller, negativeTtlMs?: number): Promise<CacheOperationResult> => {
    const [result] = await backend.execute([
      { kind: 'delete', key: KEY, fillToken: caller.token, negativeTtlMs },
    ]);
    await settle();
    return result!;
  };

  test('tells all who wait, and who asks next loads', async () => {
    const callers = await ask('a', 'b', 'c');
    expect(await none(callers[0]!)).toEqual({ kind: 'delete', existed: false });
    expect(outcomes(callers)).toEqual(['none', 'none', 'none']);
    await ask('d');
    expect(leaders).toEqual(['a', 'd']);
  });

  test('tells all who ask in time, until a write comes', async () => {
    await none((await ask('a'))[0]!, 1_000);
    const { buffers } = cache.memoryUsage();
    expect(outcomes(await ask('b', 'c'))).toEqual(['none', 'none']);
    await machine.clock.advance(999);
    expect(outcomes(await ask('d'))).toEqual(['none']);
    await machine.clock.advance(1);
    const [later] = await ask('e');
    expect(leaders).toEqual(['a', 'e']);
    expect(cache.memoryUsage().buffers).toBeLessThan(buffers);
    await none(later!, 1_000);
    await cache.delete('k');
    await ask('f');
    expect(leaders).toEqual(['a', 'e', 'f']);
  });

  test('is told to who waited before a write, and not remembered', async () => {
    const callers = await ask('a', 'b');
    await cache.delete('k');
    const [newer] = await ask('newer');
    await none(callers[0]!, 1_000);
    expect(outcomes([...callers, newer!])).toEqual(['none', 'none', undefined]);
    await none(callers[0]!, 1_000);
    await fill(newer!, 'v');
    expect(cache.get('k')).toBe('v');
    await none(newer!, 1_000);
    expect(outcomes(await ask('later'))).toEqual(['v']);
  });

  test('removes what is kept past its deadline', async () => {
    const options = { ttl: 10, staleIfError: '1h' } as const;
    await cache.getOrSet('k', () => 'old', options);
    await machine.clock.advance(10);
    const [first] = await ask('a');
    const fence = { name: 'x', token: 1n };
    const { token: fillToken } = first!;
    const fenced = { kind: 'delete', key: KEY, fillToken, fence } as const;
    expect(await backend.execute([fenced])).toMatchObject([
      { error: { code: 'STALE_FENCING_TOKEN' } },
    ]);
    await settle();
    expect(first!.outcome).toBe('none');
    const refused = () => Promise.reject(new Error('no'));
    expect(await cache.getOrSet('k', refused, options)).toBe('old');
    await none((await ask('b'))[0]!);
    const failing = cache.getOrSet('k', () => Promise.reject(new Error('no')), options);
    await expect(failing).rejects.toThrow('no');
  });
});

test('to invalidate a tag wins over the loads of who leads with it', async () => {
  const lead = async (...tags: string[]) => {
    const caller = { token: 0n, abort: new AbortController() };
    const onLease = (token: bigint): void => {
      caller.token = token;
    };
    const { signal } = caller.abort;
    backend.getOrLease({ key: KEY, ttlMs: TTL_MS, signal, onLease, tags }).catch(() => {});
    await settle();
    return caller;
  };
  const set = async ({ token: fillToken }: { token: bigint }, ...tags: string[]) => {
    const [result] = await backend.execute([
      { kind: 'set', key: KEY, value: NEWER, fillToken, tags },
    ]);
    return (result as { stored: boolean }).stored;
  };
  for (const [tag, isStored] of [
    ['b', false],
    ['a', true],
  ] as const) {
    const first = await lead('a');
    const second = await lead('b');
    first.abort.abort('gone');
    await settle();
    // The load is the second one's by now.
    await cache.invalidateTags([tag]);
    expect(await set(second, 'b')).toBe(isStored);
  }
  expect(cache.get('k')).toBe('newer');
  await cache.invalidateTags(['b']);
  expect(cache.has('k')).toBe(false);
  const many = Array.from({ length: 17 }, (_, index) => `${index}`);
  for (const tags of [[''], many]) {
    const { signal } = new AbortController();
    const bad = { key: KEY, ttlMs: TTL_MS, signal, onLease: () => {}, tags };
    await expect(backend.getOrLease(bad)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  }
});

test('keys of one name in two namespaces, or in none, load side by side', async () => {
  const backends = [backend, ...['x', 'y'].map((name) => cache.namespace(name).backend())];
  const callers = backends.map((of, index) => new Caller(`${index}`, KEY, of));
  await settle();
  expect(leaders).toEqual(['0', '1', '2']);
  expect(await fill(callers[1]!, 'stolen', KEY, backends[2])).toMatchObject({ stored: false });
  expect(outcomes(callers)).toEqual([undefined, undefined, undefined]);
  for (const [index, of] of backends.entries()) await fill(callers[index]!, `${index}`, KEY, of);
  expect(outcomes(callers)).toEqual(['0', '1', '2']);
  expect([cache.get('k'), cache.namespace('x').get('k')]).toEqual(['0', '1']);
});

describe('a write in a namespace wins over a load there', () => {
  test.each<[string, (space: Cache) => unknown]>([
    ['delete', (space) => space.delete('k')],
    ['its clear', (space) => space.clear()],
    ['the clear of the one it is in', () => cache.namespace('outer').clear()],
    ['the clear of the store', () => cache.clear()],
  ])('%s', async (_, write) => {
    const space = cache.namespace('outer').namespace('inner');
    const of = space.backend();
    const leader = new Caller('a', KEY, of);
    await settle();
    await write(space);
    expect(await fill(leader, 'old', KEY, of)).toMatchObject({ stored: false });
    expect([leader.outcome, space.has('k')]).toEqual(['old', false]);
  });
});

test('a call is a hit or a miss, once, and each who is told to load a load', async () => {
  const callers = await ask('a', 'b');
  callers[0]!.abort.abort('gone');
  await settle();
  await cache.delete('k');
  const [newer] = await ask('newer');
  callers[1]!.abort.abort('gone');
  await fill(newer!, 'v');
  await ask('d');
  await backend.execute(['k', 'none'].map((name) => ({ kind: 'get', key: encode(name) })));
  expect(leaders).toEqual(['a', 'b', 'newer']);
  expect(cache.stats()).toMatchObject({ hits: 2, misses: 4, loads: 3 });
});

test('a fence that is not held keeps the value from being stored, not from who waits', async () => {
  const callers = await ask('a', 'b');
  const value = { encoding: 'text', data: new TextEncoder().encode('v') } as const;
  const fence = { name: 'x', token: 1n };
  const set = { kind: 'set', key: KEY, value, fillToken: callers[0]!.token, fence } as const;
  expect(await backend.execute([set])).toMatchObject([{ error: { code: 'STALE_FENCING_TOKEN' } }]);
  await settle();
  expect(outcomes(callers)).toEqual(['v', 'v']);
  expect(cache.has('k')).toBe(false);
});

test('in a closed cache nobody loads', async () => {
  await cache.close();
  expect(outcomes(await ask('a'))).toEqual(['CLOSED']);
});
