// Goal: every file of a store can be explained without opening the store, whatever has happened to
// it, and what is said is so.
// Method: a store of both generations; each of its files is inspected whole, with every byte
// flipped in turn, and cut at every length. Not covered: what recovery makes of damage
// (verify-a-store).
import { beforeAll, describe, expect, test } from 'vitest';
import { SEGMENT_HEADER_BYTES } from '../src/engine/segment-header.ts';
import type { FileInspection, InspectedItem } from '../src/inspect/index.ts';
import { inspectFile } from '../src/inspect/index.ts';
import {
  ManualClock,
  SimulatedDisk,
  type SimulatedRuntime,
  simulatedRuntime,
} from '../src/testing/index.ts';
import { DIRECTORY, EngineUnderTest } from './engine-under-test.ts';

let machine: SimulatedRuntime;
let names: string[];

beforeAll(async () => {
  machine = simulatedRuntime({ disk: new SimulatedDisk({ seed: 5 }) });
  const nowMs = machine.clock.wallMs();
  for (let opening = 0; opening < 2; opening++) {
    const store = await EngineUnderTest.open(machine, { segmentBytes: 640 }, 'objects');
    for (let index = 0; index < 16; index++) {
      void store.set(`key-${index % 9}`, `value-${index}`, nowMs + 60_000 * (index + 1));
      if (index % 6 === 2) void store.delete(`key-${index % 4}`);
      if (index % 3 === 1) await store.engine.flush();
    }
    await store.engine.close();
    machine = machine.fork();
  }
  names = machine.disk.list(DIRECTORY).filter((name) => !name.startsWith('lock'));
});

function inspect(name: string, length?: number): Promise<FileInspection> {
  return inspectFile(machine.fileSystem, `${DIRECTORY}/${name}`, { length });
}

function ofType<T extends InspectedItem['type']>(
  items: readonly InspectedItem[],
  type: T,
): Extract<InspectedItem, { type: T }>[] {
  return items.filter((item) => item.type === type) as Extract<InspectedItem, { type: T }>[];
}

/** Each byte of a segment belongs to the header, or to one item. */
function expectNoGaps({ items, bytes }: FileInspection): void {
  let at = SEGMENT_HEADER_BYTES;
  for (const item of items) {
    if (!('bytes' in item) || item.offset < SEGMENT_HEADER_BYTES) continue;
    if ('reason' in item && item.reason.startsWith('records that')) continue;
    expect(item.offset).toBe(at);
    at += item.bytes;
  }
  expect(at).toBe(bytes);
}

describe('an undamaged store', () => {
  test('has files of every kind, and no byte of them is left unexplained', async () => {
    const kinds = new Set<string>();
    for (const name of names) {
      const found = await inspect(name);
      kinds.add(found.kind);
      expect(found.name).toBe(name);
      expect(found.bytes).toBe(machine.disk.read(`${DIRECTORY}/${name}`).length);
      expect(ofType(found.items, 'damage'), name).toEqual([]);
      if (found.kind === 'young' || found.kind === 'main') expectNoGaps(found);
    }
    expect([...kinds].sort()).toEqual(['main', 'manifest', 'superblock', 'young']);
  });

  test('says of records and FRAMEs what was written', async () => {
    const all = await Promise.all(names.map((name) => inspect(name)));
    const young = all.filter(({ kind }) => kind === 'young').flatMap(({ items }) => items);
    const puts = ofType(young, 'record').filter(({ kind }) => kind === 'put');
    expect(puts[0]).toMatchObject({
      key: expect.stringMatching(/^key-\d$/),
      created: machine.clock.wallMs(),
    });
    expect(puts[0]!.expires).toBeGreaterThan(machine.clock.wallMs());
    const sequences = puts.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((left, right) => left - right));
    for (const frame of ofType(young, 'frame')) expect(frame.lost).toEqual([]);
    expect(ofType(young, 'record').some(({ kind }) => kind === 'delete')).toBe(true);
    expect(ofType(young, 'record').some(({ kind }) => kind === 'shapes')).toBe(true);
    expect(puts.some(({ encoding }) => encoding === 'shapes')).toBe(true);
  });

  test('says which namespace a key is in, what tags a value has, and how long it is kept', async () => {
    const clock = new ManualClock(1_000_000);
    const own = simulatedRuntime({ disk: new SimulatedDisk({ seed: 6 }), clock });
    const store = await EngineUnderTest.open(own);
    void store.set('a>b>key', 'value', 1_060_000, 'buffered', ['tag'], 5_000);
    void store.set('key', 'value', 1_060_000, 'buffered', [], Number.POSITIVE_INFINITY);
    void store.invalidate('a>', '', 'buffered');
    void store.delete('a>b>key');
    await store.engine.close();
    const [name] = own.disk.list(DIRECTORY).filter((each) => each.endsWith('.seg'));
    const { items } = await inspectFile(own.fileSystem, `${DIRECTORY}/${name}`);
    const [named, plain, floor, deleted] = ofType(items, 'record');
    const hex = expect.stringMatching(/^[0-9a-f]{14}$/);
    expect(named).toMatchObject({
      ...{ namespace: ['a', 'b'], key: 'key', tags: [hex, hex, hex] },
      ...{ expires: 1_060_000, keptUntil: 1_065_000, valueBytes: 5 },
    });
    expect(plain).toMatchObject({ key: 'key', keptUntil: Number.POSITIVE_INFINITY });
    expect(plain).not.toHaveProperty('namespace');
    expect(plain).not.toHaveProperty('tags');
    expect(floor).toMatchObject({ kind: 'floor', tags: [named!.tags![1]] });
    expect(deleted).toMatchObject({ kind: 'delete', namespace: ['a', 'b'], key: 'key' });
    expect(ofType(items, 'damage')).toEqual([]);
  });

  test('names in its manifest the main files that are there', async () => {
    const [manifest] = (await inspect('manifest-a')).items;
    expect(manifest).toMatchObject({ type: 'manifest', version: expect.any(Number) });
    const listed = ofType([manifest!], 'manifest')[0]!.files;
    expect(listed.map(({ name }) => name)).toEqual(
      expect.arrayContaining(names.filter((name) => name.startsWith('m-')).slice(0, 1)),
    );
    for (const { name, length } of listed) {
      expect(length).toBeLessThanOrEqual((await inspect(name)).bytes);
      const [segment] = (await inspect(name)).items;
      expect(segment).toMatchObject({ type: 'segment', generation: 'main', prefix: '' });
    }
  });

  test('names its openings in its superblocks', async () => {
    const found = [
      ...(await inspect('superblock-a')).items,
      ...(await inspect('superblock-b')).items,
    ];
    expect(ofType(found, 'superblock').map(({ epoch }) => epoch)).toEqual([2, 2]);
    expect(ofType(found, 'superblock').filter(({ isClosed }) => isClosed)).toHaveLength(1);
  });
});

describe('a damaged file', () => {
  test('is explained whichever byte is flipped, with the damage where it is', async () => {
    for (const name of names) {
      const path = `${DIRECTORY}/${name}`;
      const { bytes } = await inspect(name);
      for (let offset = 0; offset < bytes; offset++) {
        machine.disk.flip(path, offset);
        const { items } = await inspect(name);
        const damage = ofType(items, 'damage');
        const hits = damage.some(
          (each) => each.offset <= offset && offset < each.offset + each.bytes,
        );
        // Behind a manifest that became shorter lies what does not count.
        if (!hits) expect(name, `${offset}`).toMatch(/^manifest/);
        machine.disk.flip(path, offset);
      }
    }
  });

  test('tells which record its FRAME misses', async () => {
    const name = names.find((each) => each.startsWith('y-'))!;
    const [record] = ofType((await inspect(name)).items, 'record');
    machine.disk.flip(`${DIRECTORY}/${name}`, record!.offset + 24);
    const { items } = await inspect(name);
    machine.disk.flip(`${DIRECTORY}/${name}`, record!.offset + 24);
    expect(ofType(items, 'damage')).toEqual([
      {
        type: 'damage',
        offset: record!.offset,
        bytes: record!.bytes,
        reason: 'a record whose checksum is wrong',
      },
    ]);
    expect(ofType(items, 'frame').flatMap(({ lost }) => lost)).toEqual([
      { offset: record!.offset, hash: expect.any(Number) },
    ]);
  });

  test('is explained however short it was cut', async () => {
    const name = names.find((each) => each.startsWith('y-'))!;
    const path = `${DIRECTORY}/${name}`;
    const whole = machine.disk.read(path).slice();
    const reasons = new Set<string>();
    for (let length = 0; length < whole.length; length++) {
      machine.disk.replace(path, whole.slice(0, length));
      const found = await inspect(name);
      for (const { reason } of ofType(found.items, 'damage'))
        reasons.add(reason.replace(/\d+/, 'n'));
    }
    machine.disk.replace(path, whole);
    expect([...reasons].sort()).toEqual([
      'cut off in the header of a record',
      'cut off, or not a record: it says it has n bytes',
      'records that no FRAME ends',
      'the header cannot be read, and without it nothing behind it',
      'this copy of the header cannot be read; the other one is whole',
    ]);
  });

  test('under the name of another is told from that one', async () => {
    const [first, second] = names.filter((each) => each.startsWith('y-'));
    const whole = machine.disk.read(`${DIRECTORY}/${second}`).slice();
    machine.disk.replace(`${DIRECTORY}/${second}`, machine.disk.read(`${DIRECTORY}/${first}`));
    const { items } = await inspect(second!);
    machine.disk.replace(`${DIRECTORY}/${second}`, whole);
    expect(ofType(items, 'damage').map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^the header is that of another file, \d+\/\d+$/),
    ]);
  });

  test('with a sector that cannot be read is damaged there', async () => {
    const name = names.find((each) => each.startsWith('y-'))!;
    const snapshot = machine.disk.snapshot();
    machine.disk.rot(`${DIRECTORY}/${name}`, 0, 'unreadable');
    const { items } = await inspect(name);
    machine.disk.restore(snapshot);
    machine = machine.fork();
    const reasons = ofType(items, 'damage').map(({ reason }) => reason);
    expect(reasons[0]).toMatch(/^parts cannot be read: /);
    expect(reasons).toContain('the header cannot be read, and without it nothing behind it');
  });
});

describe('other files', () => {
  test('a copy under any name is known by its first bytes', async () => {
    for (const name of names) {
      machine.disk.replace(`${DIRECTORY}/copy`, machine.disk.read(`${DIRECTORY}/${name}`));
      const copy = await inspect('copy');
      const original = await inspect(name);
      expect(copy.kind).toBe(original.kind);
      expect(ofType(copy.items, 'damage')).toEqual([]);
      expect(ofType(copy.items, 'record')).toEqual(ofType(original.items, 'record'));
    }
    machine.disk.remove(`${DIRECTORY}/copy`);
  });

  test.each([
    ['empty', ''],
    ['short', 'HFYOUN'],
    ['a text', 'once upon a time there was no store at all'],
  ])('%s: no file of a store is an INVALID_ARGUMENT', async (_what, text) => {
    machine.disk.replace(`${DIRECTORY}/foreign`, new TextEncoder().encode(text));
    await expect(inspect('foreign')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('not a file of a store'),
    });
    machine.disk.remove(`${DIRECTORY}/foreign`);
  });

  test('a file that is not there is an IO error', async () => {
    await expect(inspect('y-00000009-00000009.seg')).rejects.toMatchObject({ code: 'IO' });
  });
});
