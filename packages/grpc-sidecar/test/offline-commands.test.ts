// Goal: inspect and verify explain real files to people and to programs, answer by their exit codes
// and change nothing, also while a server has the store open.
// Method: the built command on a store that Node's own adapter wrote, whole and damaged. Not
// covered: every kind of damage (core's inspect-a-store and verify-a-store).
import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCache } from '@holdfast/node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { assertBuilt, run, serve, stop } from './command-process.ts';

const SEGMENT = 'y-00000001-00000001.seg';

let directory: string;
let original: string;
let store: string;
let copies = 0;

beforeAll(async () => {
  assertBuilt();
  directory = mkdtempSync(join(tmpdir(), 'holdfast-offline-'));
  original = join(directory, 'original');
  const cache = await openCache({ directory: original });
  await cache.set('user:1', { name: 'Ada' }, { ttl: '1h' });
  await cache.set('note', 'hello', { durability: 'synced' });
  await cache.set(Uint8Array.of(0xff, 0xfe), 'bytes');
  await cache.set('k'.repeat(100), 'long');
  await cache.delete('note');
  await cache.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

beforeEach(() => {
  store = join(directory, `store-${copies++}`);
  cpSync(original, store, { recursive: true, preserveTimestamps: true });
});

function flip(name: string, offset: number): void {
  const bytes = readFileSync(join(store, name));
  bytes[offset] = (bytes[offset] as number) ^ 1;
  writeFileSync(join(store, name), bytes);
}

/** Names, bytes and times of all files. */
function stateOf(path: string): unknown[] {
  return readdirSync(path).map((name) => {
    const { mtimeMs, size, ino } = statSync(join(path, name));
    return [name, mtimeMs, size, ino, readFileSync(join(path, name), 'latin1')];
  });
}

describe('holdfast inspect', () => {
  test('explains a segment line by line', async () => {
    const { code, stdout, stderr } = await run(['inspect', join(store, SEGMENT)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const TIME = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
    const patterns = [
      String.raw`^y-00000001-00000001\.seg: segment of the young generation, \d+ bytes$`,
      String.raw`^ {8}0  file 1/1, store [0-9a-f]{32}, sequence base \d+, time base ${TIME}, salt`,
      String.raw`^ {6}352  put {6}"user:1", \w+, \d+ bytes, sequence \d+, created ${TIME}, expires ${TIME}$`,
      String.raw`^ +\d+  FRAME {4}\d+ records from \d+, (durable to \d+ in file 1, )?store time ${TIME}$`,
      String.raw`^ +\d+  put {6}0xfffe, text, 5 bytes, .* expires never$`,
      String.raw`^ +\d+  put {6}"k{60}…", text, 4 bytes`,
      String.raw`^ +\d+  delete {3}"note", sequence \d+, created ${TIME}$`,
      String.raw`^5 records, \d FRAMEs, no damage$`,
    ];
    for (const pattern of patterns) expect(stdout).toMatch(new RegExp(pattern, 'm'));
  });

  test('tells namespaces, tags, floors, and how long a value is kept', async () => {
    const path = join(directory, 'named');
    const cache = await openCache({ directory: path });
    const inner = cache.namespace('tenants').namespace('acme');
    await inner.getOrSet('plan', () => 'gold', { ttl: '1h', staleIfError: '1d' });
    await cache.namespace('tenants').clear();
    await cache.close();
    const { stdout } = await run(['inspect', join(path, SEGMENT)]);
    const TIME = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
    const TAG = '[0-9a-f]{14}';
    const patterns = [
      `put {6}"plan", namespace "tenants"/"acme", text, 4 bytes, tags ${TAG} ${TAG}, sequence .*, expires ${TIME}, kept until ${TIME}$`,
      `floor, of tag ${TAG}, sequence .*, hides until never$`,
    ];
    for (const pattern of patterns) expect(stdout).toMatch(new RegExp(pattern, 'm'));
  });

  test('prints one document a line with --json, the whole key in it', async () => {
    const { code, stdout } = await run(['inspect', join(store, SEGMENT), '--json']);
    expect(code).toBe(0);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'file', name: SEGMENT, kind: 'young' });
    expect(lines.at(-1)).toMatchObject({ type: 'summary', records: 5, damage: 0 });
    const records = lines.filter(({ type }) => type === 'record');
    expect(records.map(({ key, keyHex }) => key ?? keyHex)).toEqual([
      'user:1',
      'note',
      'fffe',
      'k'.repeat(100),
      'note',
    ]);
    expect(records[0].expires).toBe(records[0].created + 3_600_000);
    expect(records[1].expires).toBe(null);
  });

  test('leaves records out with --summary', async () => {
    const { stdout } = await run(['inspect', join(store, SEGMENT), '--summary']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(3);
    const json = await run(['inspect', join(store, SEGMENT), '--summary', '--json']);
    expect(json.stdout).not.toContain('"record"');
  });

  test('explains superblocks', async () => {
    const { stdout } = await run(['inspect', join(store, 'superblock-b')]);
    expect(stdout).toMatch(/epoch 1, closed, store [0-9a-f]{32}.*lane up to \d+ in 1\/1/);
  });

  test('says where the damage is, and exits with 1', async () => {
    flip(SEGMENT, 362);
    const { code, stdout } = await run(['inspect', join(store, SEGMENT)]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {6}352 {2}DAMAGE {3}\d+ bytes: .+$/m);
    expect(stdout).toMatch(/LOST at 352/);
    expect(stdout).toMatch(/1 DAMAGED$/m);
    truncateSync(join(store, SEGMENT), 382);
    const cut = await run(['inspect', join(store, SEGMENT)]);
    expect(cut).toMatchObject({ code: 1, stdout: expect.stringContaining('cut off') });
  });

  test('refuses what is no file of a store with 2, and what is not there with 3', async () => {
    writeFileSync(join(store, 'notes.txt'), 'buy milk');
    expect(await run(['inspect', join(store, 'notes.txt')])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('not a file of a store'),
    });
    expect(await run(['inspect', join(store, 'nothing')])).toMatchObject({ code: 3, stdout: '' });
    expect(await run(['inspect', store])).toMatchObject({ code: 3, stdout: '' });
    expect(await run(['inspect'])).toMatchObject({ code: 2 });
  });
});

describe('holdfast verify', () => {
  test('finds a clean store clean, and changes nothing', async () => {
    const before = stateOf(store);
    const { code, stdout, stderr } = await run(['verify', `${store}/`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^y-00000001-00000001\.seg: young, \d+ bytes, 4 values, 0 of them expired$/m,
    );
    expect(stdout).toMatch(/^clean, 3 live records$/m);
    expect(stateOf(store)).toEqual(before);
  });

  test('prints one document a line with --json', async () => {
    writeFileSync(join(store, 'notes.txt'), 'buy milk');
    flip(SEGMENT, 362);
    const { code, stdout } = await run(['verify', store, '--json']);
    expect(code).toBe(1);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const fileOf = (name: string) =>
      lines.find((line) => line.type === 'file' && line.name === name);
    expect(fileOf('notes.txt')).toMatchObject({ role: 'foreign' });
    expect(fileOf(SEGMENT)).toMatchObject({ kind: 'young', damage: [{ offset: 352 }] });
    expect(lines.filter(({ type }) => type === 'problem')).toEqual([
      { type: 'problem', file: SEGMENT, message: expect.stringContaining('unreadable record') },
    ]);
    expect(lines.at(-1)).toMatchObject({
      type: 'summary',
      isClean: false,
      live: 2,
      recovery: { damagedRecords: 1 },
    });
  });

  test('says what damage costs, and exits with 1', async () => {
    flip(SEGMENT, 362);
    const before = stateOf(store);
    const { code, stdout } = await run(['verify', store]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^ {6}352 {2}DAMAGE/m);
    expect(stdout).toContain('CORRUPT: unreadable record');
    expect(stdout).toMatch(/^DAMAGED, 2 live records$/m);
    expect(stateOf(store)).toEqual(before);
  });

  test('a torn end of a killed store is no damage', async () => {
    // As if it had never been closed, and a write had been under way.
    rmSync(join(store, 'superblock-b'));
    appendFileSync(join(store, SEGMENT), Buffer.alloc(40, 7));
    const { code, stdout } = await run(['verify', store]);
    expect(stdout).toMatch(/torn {5}40 bytes of writes under way/);
    expect(code).toBe(0);
  });

  test('refuses a directory without a store with 2, and one that is not there with 3', async () => {
    const none = await run(['verify', import.meta.dirname]);
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no store') });
    expect(await run(['verify', join(store, 'nothing')])).toMatchObject({ code: 3, stdout: '' });
  });

  test('reads a store that a server has open, and does not disturb it', async () => {
    const socket = join(directory, 'h.sock');
    const server = await serve(['serve', '--json', '-d', store, '--socket', socket]);
    const env = { HOLDFAST_ADDRESS: `unix:${socket}` };
    await run(['set', 'more', 'value', '--durability', 'synced'], env);
    await expect.poll(async () => (await run(['verify', store])).code).toBe(0);
    const { stdout } = await run(['verify', store]);
    expect(stdout).toMatch(/^clean, 4 live records$/m);
    expect(await run(['get', 'more'], env)).toMatchObject({ code: 0, stdout: 'value' });
    await stop(server.process, 'SIGTERM');
  });

  test('without a directory, has a server check its own, the lock journal included', async () => {
    const socket = join(directory, 'h.sock');
    const server = await serve(['serve', '--json', '-d', store, '--socket', socket]);
    const env = { HOLDFAST_ADDRESS: `unix:${socket}` };
    await run(['lock', 'job', '--', 'true'], env);
    const clean = await run(['verify'], env);
    expect(clean).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^clean, \d+ fil/),
      stderr: '',
    });
    const journal = readdirSync(store).find((name) => name.endsWith('.journal'))!;
    const bytes = readFileSync(join(store, journal));
    bytes[20]! ^= 1;
    writeFileSync(join(store, journal), bytes);
    const text = await run(['verify'], env);
    expect([text.code, text.stdout.split('\n')[0]]).toEqual([
      1,
      `${journal}: at 0, DAMAGE, ${bytes.length} bytes: header`,
    ]);
    const { code, stdout } = await run(['verify', '--json'], env);
    const [place, summary] = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, place, summary]).toMatchObject([
      1,
      { type: 'damage', file: journal, offset: 0, bytes: bytes.length, what: 'header' },
      { type: 'summary', isClean: false },
    ]);
    const compacted = JSON.parse((await run(['compact', '--json'], env)).stdout);
    expect(Object.keys(compacted)).toEqual(['bytesBefore', 'bytesAfter', 'segmentsFreed']);
    await stop(server.process, 'SIGTERM');
  });
});

test.each(['inspect', 'verify'])('holdfast %s has help', async (name) => {
  const { code, stdout } = await run([name, '--help']);
  expect(code).toBe(0);
  for (const part of ['--json', 'Exit codes', 'damage']) expect(stdout).toContain(part);
});
