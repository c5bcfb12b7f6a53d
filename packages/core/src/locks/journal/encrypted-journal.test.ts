/**
 * Goal: a journal of an encrypted store says nothing to who has no key, and everything to who has;
 * a wrong key is an error, never an empty table.
 * Method: a backend on a simulated machine that is killed, opened with other keys each time; the
 * files are searched for the names that are in them.
 * Not covered: crashes at any moment (lock-journal.history.test.ts, some of them encrypted).
 */
import { expect, test } from 'vitest';
import { encryptionWith } from '../../../test/simulated-encryption.ts';
import { DIRECTORY, SimulatedLocks } from '../../../test/simulated-locks.ts';
import { openCacheOn } from '../../cache/open-cache.ts';
import { portableCrc32 } from '../../engine/crc32.ts';
import { simulatedCipher, simulatedRuntime } from '../../testing/index.ts';
import { journalNumber, readFrames } from './journal-format.ts';

const TTL_MS = 60_000;
const CLIENT = 'a client that nobody needs to know';

function journals(locks: SimulatedLocks): { path: string; bytes: Uint8Array }[] {
  const { disk } = locks.machine;
  const names = disk.list(DIRECTORY).filter((name) => journalNumber(name) !== undefined);
  return names.map((name) => {
    const path = `${DIRECTORY}/${name}`;
    return { path, bytes: disk.read(path) };
  });
}

function keyIds(locks: SimulatedLocks): (string | undefined)[] {
  return journals(locks).map(({ bytes }) => readFrames(bytes)?.header.encryption?.keyId);
}

function isNamed(locks: SimulatedLocks): boolean {
  return journals(locks).some(({ bytes }) => Buffer.from(bytes).includes(CLIENT));
}

async function holders(locks: SimulatedLocks): Promise<string[]> {
  const { held } = await locks.backend.query();
  return held.map(({ clientName }) => clientName);
}

test('names are not in it, and a restart has everything', async () => {
  const locks = await SimulatedLocks.start(encryptionWith('a'));
  await locks.ask(locks.session(CLIENT, TTL_MS));
  await locks.ask(locks.session('next', TTL_MS));
  expect(isNamed(locks)).toBe(false);
  for (const kind of ['process', 'power'] as const) {
    await locks.restart(kind, 0);
    expect(await holders(locks)).toEqual([CLIENT]);
    expect((await locks.backend.query()).waiting).toMatchObject([{ clientName: 'next' }]);
    expect(isNamed(locks)).toBe(false);
  }
});

test('the search finds names that are there', async () => {
  const locks = await SimulatedLocks.start();
  await locks.ask(locks.session(CLIENT, TTL_MS));
  expect(isNamed(locks)).toBe(true);
});

test.each([
  ['another key', encryptionWith('b'), 'not given'],
  ['no key', undefined, 'not given'],
  [
    'another key of the same id',
    { cipher: simulatedCipher, keys: [{ id: 'a', key: new Uint8Array(32) }] },
    'another key of this id',
  ],
])('%s: an error, and nothing is lost', async (_, encryption, message) => {
  const locks = await SimulatedLocks.start(encryptionWith('a'));
  await locks.ask(locks.session(CLIENT, TTL_MS));
  locks.encryption = encryption;
  const opening = locks.restart('process', 0);
  await expect(opening).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining(message),
    details: { keyId: 'a' },
  });
  locks.encryption = encryptionWith('a');
  await locks.restart('process', 0);
  expect(await holders(locks)).toEqual([CLIENT]);
});

test('the first key encrypts what an earlier key, or none, has written', async () => {
  const locks = await SimulatedLocks.start();
  await locks.ask(locks.session(CLIENT, TTL_MS));
  expect(keyIds(locks)).toEqual([undefined]);
  for (const [encryption, keyId] of [
    [encryptionWith('a'), 'a'],
    [encryptionWith('b', 'a'), 'b'],
    [encryptionWith('b'), 'b'],
  ] as const) {
    locks.encryption = encryption;
    await locks.restart('process', 0);
    expect(await holders(locks)).toEqual([CLIENT]);
    expect(keyIds(locks)).toEqual([keyId]);
    expect(isNamed(locks)).toBe(false);
  }
});

test('a frame that somebody has changed, checksum and all, does not count', async () => {
  const locks = await SimulatedLocks.start(encryptionWith('a'));
  await locks.ask(locks.session(CLIENT, TTL_MS));
  await locks.ask(locks.session('next', TTL_MS));
  const [{ path, bytes }] = journals(locks) as [{ path: string; bytes: Uint8Array }];
  const { header, frames } = readFrames(bytes)!;
  const { offset, body } = frames.at(-1)!;
  const changed = bytes.slice();
  const start = offset + 8;
  changed[start + body.length - 1]! ^= 1;
  const crc = portableCrc32(changed, start, start + body.length, header.salt ^ offset);
  new DataView(changed.buffer).setUint32(offset + 4, crc, true);
  locks.machine.disk.replace(path, changed);
  expect(readFrames(changed)!.end, 'its checksum is right').toBe(bytes.length);
  await locks.restart('process', 0);
  expect(await holders(locks)).toEqual([CLIENT]);
  expect((await locks.backend.query()).waiting).toEqual([]);
});

test('a cache encrypts it with its own keys', async () => {
  const machine = simulatedRuntime();
  const encryption = { keys: [{ id: 'a', key: new Uint8Array(32).fill(7) }] };
  const opening = openCacheOn(machine, { directory: '/store', encryption, onError: () => {} });
  await machine.clock.settle();
  const cache = await opening;
  const options = { clientName: CLIENT, metadata: {}, ttlMs: TTL_MS };
  cache.lockBackend().openSession(options, () => {});
  await machine.clock.settle();
  const name = machine.disk.list('/store').find((each) => journalNumber(each) !== undefined)!;
  const frames = readFrames(machine.disk.read(`/store/${name}`))!;
  expect(frames.header.encryption?.keyId).toBe('a');
});
