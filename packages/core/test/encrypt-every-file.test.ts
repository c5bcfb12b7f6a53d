// Goal: of an encrypted store nothing of a key or value ever reaches the disk, no nonce is used for
// two texts, what was forged is not read, and an old key can be dropped after a rotation.
// Method: churn on a simulated disk until all is in main, and seeded crash histories under a cipher
// that remembers what it was given; files searched and changed behind the store's back.
// Not covered: the real cipher (cipherConformance on every runtime), crashes (survive-crashes).
import { expect, test } from 'vitest';
import { type CacheOptions, openCacheOn } from '../src/index.ts';
import type { Cipher, CipherText } from '../src/ports/cipher.ts';
import { type SimulatedRuntime, simulatedCipher, simulatedRuntime } from '../src/testing/index.ts';
import { History } from './history.ts';

const MIB = 1024 * 1024;
const KEYS = {
  old: { id: 'key of spring', key: new Uint8Array(32).fill(1) },
  new: { id: 'key of autumn', key: new Uint8Array(32).fill(2) },
};
const LIMITS = { directory: '/store', memoryBytesMax: 2 * MIB, diskBytesMax: 2 * MIB };

function open(machine: SimulatedRuntime, encryption?: CacheOptions['encryption']) {
  return openCacheOn(machine, { ...LIMITS, encryption });
}

/** Sets `rounds` times as much as makes the cleaner copy what is kept. */
async function churn(
  machine: SimulatedRuntime,
  cache: Awaited<ReturnType<typeof open>>,
  rounds: number,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (let key = 0; key < 100; key++) {
      void cache.set(`secret churn ${key}`, { secretRound: round, text: 'secret '.repeat(60) });
    }
    await machine.clock.advance(1_000);
  }
}

async function close(machine: SimulatedRuntime, cache: { close(): Promise<void> }): Promise<void> {
  const closing = cache.close();
  await machine.clock.advance(1_000);
  await closing;
}

function filesWith(machine: SimulatedRuntime, text: string): string[] {
  return machine.disk.list('/store').filter((name) => {
    const content = machine.disk.read(`/store/${name}`);
    return new TextDecoder('latin1').decode(content).includes(text);
  });
}

test('after much cleaning no file shows anything, and all of it is read again', async () => {
  const machine = simulatedRuntime({ seed: 5 });
  const encryption = { keys: [KEYS.old] };
  const cache = await open(machine, encryption);
  for (let key = 0; key < 100; key++) void cache.set(`secret kept ${key}`, { secretKept: key });
  await churn(machine, cache, 60);
  expect(cache.stats().bytesWritten).toBeGreaterThan(2 * MIB);
  expect(machine.disk.list('/store').some((name) => name.startsWith('m-'))).toBe(true);
  expect(filesWith(machine, 'secret')).toEqual([]);
  expect(filesWith(machine, 'key of spring').length).toBeGreaterThan(2);
  await close(machine, cache);
  const again = await open(machine.fork(), encryption);
  for (let key = 0; key < 100; key++) {
    expect(again.get(`secret kept ${key}`)).toEqual({ secretKept: key });
  }
  expect(again.stats().damagedRecords).toBe(0);
  await again.close();
});

test('a key may be dropped once cleaning has removed the files that needed it', async () => {
  const machine = simulatedRuntime({ seed: 6 });
  const first = await open(machine, { keys: [KEYS.old] });
  await first.set('secret kept', 'secret');
  await churn(machine, first, 3);
  await close(machine, first);
  const second = machine.fork();
  const rotated = await open(second, { keys: [KEYS.new, KEYS.old] });
  expect(filesWith(second, KEYS.old.id).length).toBeGreaterThan(0);
  // One write, so that there is a newer file in the lane; nothing else gives cleaning a reason.
  await rotated.set('secret of the new key', 'secret');
  await second.clock.advance(60_000);
  expect(filesWith(second, KEYS.old.id)).toEqual([]);
  await close(second, rotated);
  const last = await open(second.fork(), { keys: [KEYS.new] });
  expect(last.get('secret kept')).toBe('secret');
  expect(last.size).toBe(102);
  await last.close();
});

test('a plain store that is opened with a key is all encrypted after a while', async () => {
  const machine = simulatedRuntime({ seed: 8 });
  const first = await open(machine);
  await churn(machine, first, 3);
  await close(machine, first);
  const second = machine.fork();
  const encrypted = await open(second, { keys: [KEYS.new] });
  expect(filesWith(second, 'secret').length).toBeGreaterThan(0);
  await encrypted.set('secret of the new key', 'secret');
  await second.clock.advance(60_000);
  expect(filesWith(second, 'secret')).toEqual([]);
  expect(encrypted.size).toBe(101);
  const written = encrypted.stats().bytesWritten;
  await second.clock.advance(60_000);
  expect(encrypted.stats().bytesWritten).toBe(written);
  await close(second, encrypted);
});

test('a record forged from what is readable is damage, and so is one moved elsewhere', async () => {
  const encryption = { keys: [KEYS.old] };
  const cases: ((content: Uint8Array, other: Uint8Array) => void)[] = [
    // The records of a plain store at the same place, under the encrypted file's own header.
    (content, other) => content.set(other.subarray(352, content.length), 352),
    // The second header copy repairs the first: both are changed alike.
    (content, other) => content.set(other),
  ];
  for (const [index, forge] of cases.entries()) {
    const machine = simulatedRuntime({ seed: 7 });
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    const cache = await openCacheOn(machine, { ...LIMITS, onError, encryption });
    await cache.set('mine', 'the value');
    await close(machine, cache);
    const forger = simulatedRuntime({ seed: 7 });
    const forged = await openCacheOn(forger, {
      ...LIMITS,
      encryption: index === 0 ? undefined : { keys: [{ ...KEYS.old, key: KEYS.new.key }] },
    });
    await forged.set('mine', 'not mine!');
    await close(forger, forged);
    const path = '/store/y-00000001-00000001.seg';
    const content = machine.disk.read(path).slice();
    forge(content, forger.disk.read(path).subarray(0, content.length));
    machine.disk.replace(path, content);
    const opening = openCacheOn(machine.fork(), { ...LIMITS, onError, encryption });
    if (index === 1) {
      await expect(opening).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      continue;
    }
    const again = await opening;
    expect(again.get('mine')).toBeUndefined();
    expect(errors.length).toBeGreaterThan(0);
    await again.close();
  }
});

test('no nonce of a key is used for two texts, whatever crashes and is tried again', async () => {
  const texts = new Map<string, string>();
  let count = 0;
  const cipher: Cipher = {
    encrypt(text) {
      const before = whole(text);
      const used = `${text.nonce}`;
      expect(texts.get(used) ?? before).toBe(before);
      texts.set(used, before);
      simulatedCipher.encrypt(text);
    },
    decrypt: (text) => simulatedCipher.decrypt(text),
  };
  const encryption = { cipher, keys: [KEYS.old] };
  const settings = { memoryBytesMax: 4_096, encryption };
  for (let seed = 1; seed <= 12; seed++) {
    // Another machine may draw the same numbers: each history has texts of its own.
    texts.clear();
    await new History({ seed, settings }).run();
    count += texts.size;
    texts.clear();
    await new History({ seed, settings, trouble: 'failures', openings: 6 }).run();
    count += texts.size;
  }
  expect(count).toBeGreaterThan(1_500);
});

test('in memory only, encryption changes nothing', async () => {
  const machine = simulatedRuntime();
  const options = { ...LIMITS, persistent: false };
  const cache = await openCacheOn(machine, { ...options, encryption: { keys: [KEYS.old] } });
  const plain = await openCacheOn(machine, options);
  for (const each of [cache, plain]) await each.set('a', 'value');
  expect(cache.getEntry('a')!.bytes).toBe(plain.getEntry('a')!.bytes);
  await cache.close();
  await plain.close();
});

test('a runtime without a cipher, or whose cipher cannot be loaded, refuses before it begins', async () => {
  const { loadCipher: _, ...without } = simulatedRuntime();
  const failing = { ...simulatedRuntime(), loadCipher: () => Promise.reject(new Error('no')) };
  for (const runtime of [without, failing]) {
    const opening = openCacheOn(runtime, { ...LIMITS, encryption: { keys: [KEYS.old] } });
    await expect(opening).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('cipher'),
    });
    await expect(runtime.fileSystem.list('/store')).rejects.toMatchObject({ code: 'IO' });
  }
});

function whole({ bytes, additional, key }: CipherText): string {
  return `${bytes}/${additional}/${key}`;
}
