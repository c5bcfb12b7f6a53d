// Goal: what is published is what was measured, and the rest of the document is left alone.
// Method: rendering of made-up results. Not covered: how Markdown looks where it is shown.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { renderBars, renderTable, replaceBetweenMarkers, writeIntoDocument } from './report.ts';
import {
  type BenchmarkResults,
  type BenchmarkTable,
  judgeTargets,
  replaceTables,
} from './results.ts';

const TABLE: BenchmarkTable = {
  name: 'objects',
  title: 'Objects',
  description: 'some objects',
  columns: [
    { key: 'get', title: 'get', unit: 'ns', compared: true },
    { key: 'disk', title: 'disk', unit: 'B/key', compared: false },
  ],
  rows: [
    { name: 'ours', note: 'with | a bar', samples: { get: [400, 410, 390], disk: [64, 64, 64] } },
    { name: 'theirs', note: '', samples: { get: [1000, 1025, 975] } },
    { name: 'broken', note: '', samples: {}, failure: 'cannot find /somewhere' },
  ],
  reference: 'theirs',
  targets: [
    { row: 'ours', column: 'get', against: 'theirs', bound: 'at most', limit: 0.6 },
    { row: 'ours', column: 'get', against: 'theirs', bound: 'at most', limit: 0.3 },
    { row: 'ours', column: 'get', against: 'theirs', bound: 'at least', limit: 0.3 },
    { row: 'ours', column: 'disk', against: 'theirs', bound: 'at most', limit: 1 },
    { row: 'ours', column: 'disk', bound: 'at most', limit: 64 },
    {
      row: 'ours',
      column: 'get',
      bound: 'at most',
      limit: 300,
      onlyIf: { row: 'theirs', column: 'get', atMost: 900 },
    },
  ],
  panels: [{ title: 'Times', unit: 'ns', scale: 'log', columns: ['get'] }],
  rounds: 3,
  origin: {
    machine: 'a machine',
    load: 1.25,
    commit: 'abc',
    command: 'npm run bench',
    date: '2026-01-02',
  },
};
const RESULTS: BenchmarkResults = { tables: [TABLE] };
const FORM = { plots: './plots', tables: './tables.md', isWhole: true };

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function documentWith(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-report-'));
  directories.push(directory);
  writeFileSync(join(directory, 'README.md'), text);
  return join(directory, 'README.md');
}

test('a row shows median, spread and the ratio to the reference', () => {
  expect(renderTable(TABLE)).toContain('| ours | 400 (390–410) | 0.4 | 64 | with \\| a bar |');
});

test('a contestant that did not run is in the table, without figures and without its paths', () => {
  const text = renderTable(TABLE);
  expect(text).toContain('| broken | – | – | – | did not run here |');
  expect(text).not.toContain('/somewhere');
});

test('the table names machine, commit, command and rounds', () => {
  const text = renderTable(TABLE);
  for (const fact of [
    'a machine',
    'abc',
    '`npm run bench`',
    '2026-01-02',
    '3 interleaved',
    'was 1.3',
  ]) {
    expect(text).toContain(fact);
  }
});

test('targets are judged in both directions, not without figures, nor missed on an unfit machine', () => {
  expect(judgeTargets(TABLE).map(({ met }) => met)).toEqual([
    true,
    false,
    true,
    undefined,
    true,
    undefined,
  ]);
});

test('a missed bar is said to be missed, with what was measured', () => {
  const text = renderTable(TABLE);
  expect(text).toContain('- ours, get: at most 0.3 × theirs: 0.4 (**missed**)');
  expect(text).toContain('- ours, disk: at most 1 × theirs: not measured');
  expect(text).toContain('- ours, disk: at most 64 B/key: 64 (met)');
  expect(text).toContain('400 (not judged: theirs, get, is not within 900 ns here)');
});

test('all bars of a run are counted in one table', () => {
  const text = renderBars(RESULTS);
  expect(text).toContain('3 met, 1 missed, 2 not judged');
  expect(text).toContain('| Objects | ours, get: at most 0.3 × theirs | 0.4 | **missed** |');
});

test('many bars of one column are counted, and the worst figure stands for them', () => {
  const rows = Array.from({ length: 10 }, (_, number) => ({
    name: `case ${number}`,
    note: '',
    samples: number === 0 ? {} : { disk: [number] },
  }));
  const targets = rows.map(
    ({ name: row }) => ({ row, column: 'disk', bound: 'at most', limit: 7 }) as const,
  );
  expect(renderTable({ ...TABLE, rows, targets })).toContain(
    '- each of 10 rows, disk: at most 7 B/key: 9 at worst (7 met, **2 missed**, 1 not judged)',
  );
});

test('a summary shows the plot and the bars', () => {
  const path = documentWith(markers('objects:summary') + markers('bars'));
  expect(writeIntoDocument(path, RESULTS, FORM)).toEqual(['objects:summary', 'bars']);
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('![Objects](./plots/objects.svg)');
  expect(text).toContain('[figures](./tables.md)');
  expect(text).not.toContain('| ours |');
});

test('the bars of a question are those of its latest run, and stay in their place', () => {
  const path = documentWith(markers('bars'));
  const rows = TABLE.rows.map((row) => ({ ...row, samples: { get: [250], disk: [64] } }));
  const barsAfter = (tables: readonly BenchmarkTable[], isWhole: boolean): string[] => {
    writeIntoDocument(path, { tables }, { ...FORM, isWhole });
    const lines = readFileSync(path, 'utf8').split('\n');
    return lines.filter((line) => line.includes('at most 0.3') || line.includes('at most 7'));
  };
  const other = {
    ...TABLE,
    title: 'Other objects',
    targets: [{ row: 'ours', column: 'disk', bound: 'at most', limit: 7 }] as const,
  };
  const missed = '| Objects | ours, get: at most 0.3 × theirs | 0.4 | **missed** |';
  const others = '| Other objects | ours, disk: at most 7 B/key | 64 | **missed** |';
  expect(barsAfter([TABLE, other], true)).toEqual([missed, others]);
  expect(barsAfter([{ ...TABLE, rows }], false)).toEqual([
    '| Objects | ours, get: at most 0.3 × theirs | 1 | **missed** |',
    others,
  ]);
  expect(barsAfter([other], false)).toHaveLength(2);
  expect(barsAfter([other], true)).toEqual([others]);
});

function markers(name: string): string {
  return `<!-- benchmark:${name}:start -->\nold\n<!-- benchmark:${name}:end -->\n`;
}

test('only what is between the markers changes, and doing it again changes nothing', () => {
  const path = documentWith(
    'before\n<!-- benchmark:objects:start -->\nold\n<!-- benchmark:objects:end -->\nafter\n',
  );
  expect(writeIntoDocument(path, RESULTS, FORM)).toEqual(['objects']);
  const first = readFileSync(path, 'utf8');
  expect(first.startsWith('before\n<!-- benchmark:objects:start -->\n**Objects**')).toBe(true);
  expect(first.endsWith('<!-- benchmark:objects:end -->\nafter\n')).toBe(true);
  expect(first).not.toContain('old');
  writeIntoDocument(path, RESULTS, FORM);
  expect(readFileSync(path, 'utf8')).toBe(first);
});

test('a document without the markers stays as it is', () => {
  const path = documentWith('no markers\n');
  expect(writeIntoDocument(path, RESULTS, FORM)).toEqual([]);
  expect(readFileSync(path, 'utf8')).toBe('no markers\n');
});

test('an end before its start is not a pair of markers', () => {
  const text = '<!-- benchmark:objects:end --> <!-- benchmark:objects:start -->';
  expect(replaceBetweenMarkers(text, 'objects', 'x')).toBeUndefined();
});

test('a run of some tables keeps the others, in the order of the report', () => {
  const others = ['strings', 'gone'].map((name) => ({ ...TABLE, name }));
  const again = { ...TABLE, title: 'Objects again' };
  const { tables } = replaceTables({ tables: [TABLE, ...others] }, [again], ['strings', 'objects']);
  expect(tables.map(({ title }) => title)).toEqual(['Objects', 'Objects again']);
  expect(tables.map(({ name }) => name)).toEqual(['strings', 'objects']);
});
