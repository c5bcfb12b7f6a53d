/**
 * Section 2: a process that overwrites the documents is killed by SIGKILL in the middle. What it
 * was promised has to be there; what it was still writing may be there whole or not at all; nothing
 * else may have changed.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Cache } from '@holdfast/node';
import { within } from './child-processes.ts';
import { damageNewestSegment, isDamagePlanted } from './damage.ts';
import {
  type Demonstration,
  examplesOf,
  FIRST_REVISION,
  NO_REVISION,
  openStore,
  storedValue,
} from './demonstration.ts';
import { readDocument } from './documents.ts';
import { count, milliseconds } from './figures.ts';
import { IN_FLIGHT_MAX, type WriterTask } from './writer-task.ts';

const WRITER_MS_MAX = 60_000;

export async function crash(demonstration: Demonstration): Promise<void> {
  const { report, directory, documents } = demonstration;
  report.section('Kill the writing process, keep what it was promised');
  const writer = await runAndKillWriter(demonstration);
  report.figure(
    'writer',
    `pid ${writer.pid} overwrites them, ${IN_FLIGHT_MAX} sets in flight, durability written`,
  );
  report.figure('SIGKILL', `after ${count(writer.total)} acknowledged sets`);
  if (isDamagePlanted()) report.figure('planted', `damage in ${damageNewestSegment(directory)}`);

  const from = performance.now();
  const cache = await openStore(demonstration);
  report.figure('reopened in', milliseconds(performance.now() - from));
  const recovery = cache.stats().recovery;
  if (recovery !== undefined) {
    report.figure(
      'recovery',
      `${recovery.files} files, ${count(recovery.tornBytes)} bytes behind the last whole batch left out`,
    );
    const damage = recovery.damagedRecords + recovery.damagedFiles + recovery.failedClosed;
    report.check(damage === 0, 'no record is damaged', damage === 0 ? '' : `damage: ${damage}`);
  }
  const { lost, wrong } = await examine(cache, demonstration, writer.acknowledged);
  const acknowledged = writer.acknowledged.filter((revision) => revision > FIRST_REVISION).length;
  report.check(
    lost.length === 0,
    `all ${count(acknowledged)} acknowledged documents are there, byte for byte`,
    examplesOf(lost),
  );
  report.check(
    wrong.length === 0,
    `the other ${count(documents.paths.length - acknowledged)} are as they were, or whole and new`,
    examplesOf(wrong),
  );
  report.check(cache.stats().evictions === 0, 'nothing was evicted');
  await cache.close();
}

interface KilledWriter {
  readonly pid: number | undefined;
  /** Of each document, the newest revision that was acknowledged. */
  readonly acknowledged: Uint32Array;
  readonly total: number;
}

async function runAndKillWriter(demonstration: Demonstration): Promise<KilledWriter> {
  const { processes, temporaryFolder, documents, report } = demonstration;
  const { directory, memoryBytesMax, sourceFolder } = demonstration;
  const { paths } = documents;
  const task: WriterTask = { directory, memoryBytesMax, sourceFolder, paths };
  const taskFile = join(temporaryFolder, 'writer-task.json');
  writeFileSync(taskFile, JSON.stringify(task));
  const program = fileURLToPath(new URL('writer-program.js', import.meta.url));
  const writer = processes.start('writer', program, [taskFile], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });

  const acknowledged = new Uint32Array(paths.length).fill(FIRST_REVISION);
  const wanted = Math.ceil(paths.length / 2);
  const progress = report.progress('writing', wanted);
  let total = 0;
  const toldAll = (async () => {
    for await (const line of createInterface({ input: writer.child.stdio[3] as Readable })) {
      const [revision, index] = line.split(' ').map(Number);
      acknowledged[index!] = Math.max(acknowledged[index!]!, revision!);
      total++;
      if (total === wanted) writer.child.kill('SIGKILL');
      if (total % 128 === 0) await progress.advance(128);
    }
  })();
  const exit = await within(writer.exited, WRITER_MS_MAX, 'the writer to be killed');
  await within(toldAll, WRITER_MS_MAX, 'the last acknowledgement');
  progress.finish();
  if (exit.signal !== 'SIGKILL') throw new Error(`the writer ended by itself, code=${exit.code}`);
  return { pid: writer.child.pid, acknowledged, total };
}

/**
 * Finds out which revision of each document survived, and notes it for the sections that follow.
 */
async function examine(
  cache: Cache,
  { report, documents, sourceFolder, revisions }: Demonstration,
  acknowledged: Uint32Array,
): Promise<{ lost: string[]; wrong: string[] }> {
  const lost: string[] = [];
  const wrong: string[] = [];
  const progress = report.progress('comparing', documents.paths.length);
  for (const [index, path] of documents.paths.entries()) {
    const promised = acknowledged[index]!;
    const content = readDocument(sourceFolder, path).value;
    const found = cache.get(path);
    // The promised one, or a later one, which was on its way.
    const claimed = (found as { revision?: number } | null | undefined)?.revision ?? NO_REVISION;
    const isLater = claimed > promised && claimed <= promised + IN_FLIGHT_MAX;
    const revision = [promised, ...(isLater ? [claimed] : [])].find((candidate) =>
      isDeepStrictEqual(found, storedValue(content, candidate)),
    );
    revisions[index] = revision ?? NO_REVISION;
    if (revision === undefined) (promised > FIRST_REVISION ? lost : wrong).push(path);
    if (index % 128 === 127) await progress.advance(128);
  }
  progress.finish();
  return { lost, wrong };
}
