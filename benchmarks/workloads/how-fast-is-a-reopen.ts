import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProcess } from '../measurement.ts';
import { HOLDFAST } from '../peers/contestant.ts';
import { contestantNamed } from '../peers/index.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import { strings } from './strings.ts';
import { createWork, keyOf } from './workload.ts';

export const howFastIsAReopen: Question = {
  name: 'how-fast-is-a-reopen',
  title: 'How fast is a store back, after a close and after a kill?',
  description: (keyCount) =>
    `${entriesOf(keyCount).toLocaleString('en')} 100-byte strings. A process fills the store and closes it, or is killed with ` +
    '`kill -9` once the operating system has all sets; a new process opens it and reads one value. Loading the modules ' +
    'does not count, the compiler starting from nothing does',
  needsPeers: true,
  contestants: [HOLDFAST, 'lmdb', 'better-sqlite3', 'classic-level'],
  columns: [
    { key: 'clean', title: 'after a close', unit: 'ms', compared: false },
    { key: 'killed', title: 'after a kill', unit: 'ms', compared: false },
  ],
  reference: 'lmdb',
  targets: [
    { row: HOLDFAST, column: 'clean', bound: 'at most', limit: 300 },
    { row: HOLDFAST, column: 'killed', bound: 'at most', limit: 1_000 },
  ],
  panels: [
    {
      title: 'Until the first value is read',
      unit: 'ms',
      scale: 'log',
      columns: ['clean', 'killed'],
    },
  ],
  roundsMax: 2,
  measure,
  phases: {
    fillAndClose: (order) => fill(order, true),
    fillAndStay: (order) => fill(order, false),
    open,
  },
};

function entriesOf(keyCount: number): number {
  return 5 * keyCount;
}

async function measure(order: MeasurementOrder): Promise<Measurement> {
  const closedStore = { ...order, directory: join(order.directory, 'closed') };
  const killedStore = { ...order, directory: join(order.directory, 'killed') };
  mkdirSync(closedStore.directory);
  mkdirSync(killedStore.directory);
  await runProcess({ ...closedStore, phase: 'fillAndClose' });
  await runProcess({ ...killedStore, phase: 'fillAndStay' }, 'killed');
  const clean = await runProcess({ ...closedStore, phase: 'open' });
  const killed = await runProcess({ ...killedStore, phase: 'open' });
  const figures = { clean: clean.figures.opened, killed: killed.figures.opened };
  return { note: clean.note, figures };
}

async function fill(order: MeasurementOrder, closes: boolean): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const entries = entriesOf(order.keyCount);
  const store = await contestant.open(order.directory, entries);
  await store.setAll(createWork(strings, entries, order.seed));
  if (closes) await store.close();
  return { note: contestant.note, figures: {} };
}

async function open(order: MeasurementOrder): Promise<Measurement> {
  const contestant = await contestantNamed(order.contestant);
  const entries = entriesOf(order.keyCount);
  const startMs = performance.now();
  const store = await contestant.open(order.directory, entries);
  const value = await store.get(keyOf(entries >> 1));
  const opened = performance.now() - startMs;
  if (value !== strings.createValue(entries >> 1)) throw new Error('a value did not come back');
  const found = await store.getAll(Array.from({ length: 1_000 }, (_, at) => keyOf(at)));
  if (found !== Math.min(1_000, entries)) throw new Error(`only ${found} of 1000 came back`);
  await store.close();
  return { note: contestant.note, figures: { opened } };
}
