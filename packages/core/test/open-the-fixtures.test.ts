// Goal: stores that earlier versions wrote are read for ever: closed ones, killed ones, damaged
// ones.
// Method: the files of fixtures/v1 are put on a simulated disk and opened, and every value is
// compared; the same for what today's writer makes of the same values. Not covered: bytes for bytes
// equality of the two, which nobody needs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Cache, openCacheOn } from '../src/index.ts';
import { inspectFile, verifyStore } from '../src/inspect/index.ts';
import {
  ManualClock,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import {
  DIRECTORY,
  FIXTURE_NAMES,
  type FixtureName,
  KEPT_KEY,
  KEPT_VALUE,
  KILLED_VALUES,
  LOST_KEY,
  makeFixture,
  NAMED_VALUES,
  onNode,
  SOON_MS,
  VALUES,
  WRITTEN_AT_MS,
} from './fixtures/fixture-stores.ts';

const FROZEN = join(import.meta.dirname, '../fixtures/v1');

type Files = ReadonlyMap<string, Uint8Array>;

function frozen(name: FixtureName): Files {
  const directory = join(FROZEN, name);
  return new Map(
    readdirSync(directory).map((file) => [
      file,
      new Uint8Array(readFileSync(join(directory, file))),
    ]),
  );
}

async function machineWith(files: Files, nowMs = WRITTEN_AT_MS): Promise<SimulatedRuntime> {
  const disk = new SimulatedDisk();
  const machine = simulatedRuntime({ disk, clock: new ManualClock(nowMs) });
  await machine.fileSystem.createDirectory(DIRECTORY);
  for (const [name, bytes] of files) disk.replace(`${DIRECTORY}/${name}`, bytes);
  return machine;
}

function expectedValues(name: FixtureName): Map<string, unknown> {
  const values = new Map(Object.entries(VALUES));
  if (name === 'rotten') values.delete(LOST_KEY);
  if (name === 'killed') for (const each of Object.entries(KILLED_VALUES)) values.set(...each);
  return values;
}

async function expectNamespaces(cache: Cache): Promise<void> {
  const tenant = cache.namespace('tenant');
  for (const each of [tenant, tenant.namespace('inner')]) {
    for (const [key, value] of Object.entries(NAMED_VALUES)) expect(each.get(key)).toEqual(value);
  }
  expect(tenant.size).toBe(Object.keys(NAMED_VALUES).length + 1);
  expect(tenant.get(KEPT_KEY)).toBe(KEPT_VALUE);
  expect(tenant.ttl(KEPT_KEY)).toBe(SOON_MS);
  expect(cache.namespace('cleared').size).toBe(0);
}

const SOURCES: readonly [string, (name: FixtureName) => Files | Promise<Files>][] = [
  ['frozen', frozen],
  ["today's", makeFixture],
];

describe.each(SOURCES)('%s stores', (_source, filesOf) => {
  test.each(FIXTURE_NAMES)('%s: every value is there, and no other, twice', async (name) => {
    let machine = await machineWith(await filesOf(name));
    for (let opening = 0; opening < 2; opening++) {
      const errors: string[] = [];
      const onError = ({ message }: Error): void => void errors.push(message);
      const cache = await openCacheOn(onNode(machine), { directory: DIRECTORY, onError });
      const expected = expectedValues(name);
      expect([...cache.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [key, value] of expected) expect(cache.get(key), key).toEqual(value);
      await expectNamespaces(cache);
      expect(cache.ttl('soon')).toBe(SOON_MS);
      expect(cache.ttl('text')).toBe(name === 'rotten' ? undefined : Number.POSITIVE_INFINITY);
      const damage = name === 'rotten' && opening === 0 ? 1 : 0;
      if (opening === 0) expect(cache.stats().recovery?.damagedRecords).toBe(damage);
      if (name !== 'rotten') expect(errors).toEqual([]);
      await cache.close();
      machine = machine.fork();
    }
  });

  test('what has expired since is not there', async () => {
    const machine = await machineWith(await filesOf('closed'), WRITTEN_AT_MS + SOON_MS);
    const options = { directory: DIRECTORY, onError: () => {} };
    const cache = await openCacheOn(onNode(machine), options);
    expect(cache.get('soon')).toBe(undefined);
    expect(cache.get('century')).toBe(VALUES.century);
    const tenant = cache.namespace('tenant');
    expect(tenant.get(KEPT_KEY)).toBe(undefined);
    const failing = () => Promise.reject(new Error('no'));
    expect(await tenant.getOrSet(KEPT_KEY, failing, { staleIfError: '1h' })).toBe(KEPT_VALUE);
    await cache.close();
  });

  test.each(FIXTURE_NAMES)('%s: an offline check says what is so', async (name) => {
    const machine = await machineWith(await filesOf(name));
    const found = await verifyStore(machine, DIRECTORY);
    expect(found).toMatchObject({
      isClean: name !== 'rotten',
      live: expectedValues(name).size + 2 * Object.keys(NAMED_VALUES).length + 1,
    });
  });

  test('they hold both generations, and values of every encoding', async () => {
    const files = await filesOf('closed');
    const { fileSystem } = await machineWith(files);
    const seen = new Set<string | number>();
    for (const name of files.keys()) {
      const { kind, items } = await inspectFile(fileSystem, `${DIRECTORY}/${name}`);
      seen.add(kind);
      for (const item of items) {
        if (item.type !== 'record') continue;
        for (const each of [item.kind, item.encoding, item.compression]) {
          if (each !== undefined) seen.add(each);
        }
      }
    }
    const wanted = ['superblock', 'manifest', 'young', 'main', 'put', 'shapes', 'floor', 'gzip'];
    const encodings = ['bytes', 'text', 'json', 'msgpack', 'records', 'shapes'];
    for (const each of [...wanted, ...encodings]) expect(seen).toContain(each);
  });
});
