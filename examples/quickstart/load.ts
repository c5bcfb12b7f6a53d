/**
 * Section 1: all documents into an embedded cache, and out of it again, before and after reopening.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cache } from '@holdfast/node';
import {
  chunksOf,
  compareAll,
  type Demonstration,
  examplesOf,
  FIRST_REVISION,
  folderBytes,
  openStore,
} from './demonstration.ts';
import { type DocumentKind, readDocument, TTL } from './documents.ts';
import { count, milliseconds, size, speed } from './figures.ts';

export async function load(demonstration: Demonstration): Promise<void> {
  const { report, directory, documents, revisions } = demonstration;
  report.section('Load them into an embedded cache');
  let cache = await openStore(demonstration);
  const { setMs, kinds, bytes } = await setAll(cache, demonstration);
  revisions.fill(FIRST_REVISION);
  const kindsText = Object.entries(kinds).map(([kind, { count: files }]) => {
    const ttl = TTL[kind as DocumentKind];
    return `${count(files)} ${kind} for ${ttl === Number.POSITIVE_INFINITY ? 'ever' : ttl}`;
  });
  const average = `${size(bytes / documents.paths.length)} each on average`;
  report.figure('documents', `${count(documents.paths.length)}, ${average}`);
  report.figure('kept', kindsText.join(', '));
  report.figure('set', speed(documents.paths.length, bytes, setMs));

  const flushedFrom = performance.now();
  await cache.flush();
  report.figure('flush', `${milliseconds(performance.now() - flushedFrom)} until safe on disk`);

  let getMs = 0;
  const wrong = await compareAll(demonstration, async (paths) => {
    const from = performance.now();
    const values = paths.map((path) => cache.get(path));
    getMs += performance.now() - from;
    return values;
  });
  report.figure('get', speed(documents.paths.length, bytes, getMs));
  const memory = cache.memoryUsage().total;
  const disk = folderBytes(directory);
  const ratio = (disk.bytes / bytes).toFixed(2);
  report.figure('in memory', size(memory));
  report.figure('on disk', `${size(disk.bytes)} in ${disk.files} files, ${ratio} × the input`);
  report.check(wrong.length === 0, 'every document reads back as its file says', examplesOf(wrong));
  await checkExpiry(cache, demonstration);

  const deadlines = documents.paths.map((path) => cache.getEntry(path)?.expiresAt);
  report.check(cache.stats().evictions === 0, 'nothing was evicted');
  await cache.close();

  const openedFrom = performance.now();
  cache = await openStore(demonstration);
  report.figure('reopened in', milliseconds(performance.now() - openedFrom));
  const lost = await compareAll(demonstration, async (paths) => cache.getMany(paths));
  report.check(lost.length === 0, 'closed and reopened, all are there', examplesOf(lost));
  const moved = documents.paths.filter(
    (path, index) => cache.getEntry(path)?.expiresAt !== deadlines[index],
  );
  report.check(moved.length === 0, 'with the deadlines that they had', examplesOf(moved));
  await cache.close();
}

/** Reads each file and sets it. Only setting is timed. */
async function setAll(cache: Cache, { report, documents, sourceFolder }: Demonstration) {
  const kinds = { json: { count: 0 }, text: { count: 0 }, bytes: { count: 0 } };
  let setMs = 0;
  let bytes = 0;
  const progress = report.progress('loading', documents.paths.length);
  for (const chunk of chunksOf(documents.paths)) {
    const read = chunk.map((path) => [path, readDocument(sourceFolder, path)] as const);
    const from = performance.now();
    await Promise.all(
      read.map(([path, { kind, value }]) => cache.set(path, value, { ttl: TTL[kind] })),
    );
    setMs += performance.now() - from;
    for (const [, document] of read) {
      kinds[document.kind].count++;
      bytes += document.bytes;
    }
    await progress.advance(chunk.length);
  }
  progress.finish();
  return { setMs, kinds, bytes };
}

const EXPIRING = 200;
const EXPIRING_MS = 400;

/** A read at the deadline is a miss, however many expire together. */
async function checkExpiry(cache: Cache, { report }: Demonstration): Promise<void> {
  const keys = Array.from({ length: EXPIRING }, (_, index) => `quickstart/expiring/${index}`);
  const expiresAt = Date.now() + EXPIRING_MS;
  await Promise.all(keys.map((key) => cache.set(key, key, { expiresAt })));
  const before = keys.filter((key) => cache.has(key)).length;
  // A machine too busy to look in time has not seen them; that proves nothing against them.
  const isInTime = Date.now() < expiresAt;
  while (Date.now() < expiresAt) await sleep(expiresAt - Date.now());
  const after = keys.filter((key) => cache.has(key)).length;
  report.check(
    after === 0 && (before === EXPIRING || !isInTime),
    `${EXPIRING} short-lived values are readable before their deadline, and not one at it`,
    `${before} before, ${after} after ${EXPIRING_MS} ms`,
  );
}
