/**
 * Turns results into Markdown, and writes them into documents between markers:
 *
 *   <!-- benchmark:objects:start -->  …the table, replaced…  <!-- benchmark:objects:end -->
 *   <!-- benchmark:objects:summary:start -->  …its plot and bars…  <!-- …:summary:end -->
 *   <!-- benchmark:bars:start -->  …all bars, each by the latest run…  <!-- benchmark:bars:end -->
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type BenchmarkColumn,
  type BenchmarkResults,
  type BenchmarkRow,
  type BenchmarkTable,
  type BenchmarkTarget,
  type JudgedTarget,
  judgeTargets,
  type Origin,
  samplesOf,
} from './results.ts';
import { renderNumber, type Summary, summarize, summarizeRatio } from './statistics.ts';

const NOT_MEASURED = '–';
/** More of one table than these are counted, not listed; its columns have every figure. */
const BARS_LISTED_MAX = 8;

export interface DocumentForm {
  /** From the document to the folder of the plots. */
  readonly plots: string;
  /** From the document to the page with all tables. */
  readonly tables: string;
  /** Whether the results are of a whole run: bars of no other are left then. */
  readonly isWhole: boolean;
}

/**
 * Replaces what is between each table's markers. A document that lacks a table's markers keeps out
 * of it.
 */
export function writeIntoDocument(
  path: string,
  results: BenchmarkResults,
  form: DocumentForm,
): string[] {
  let text = readFileSync(path, 'utf8');
  const written: string[] = [];
  const replace = (name: string, content: string): void => {
    const replaced = replaceBetweenMarkers(text, name, content);
    if (replaced === undefined) return;
    text = replaced;
    written.push(name);
  };
  for (const table of results.tables) {
    replace(table.name, renderTable(table));
    replace(`${table.name}:summary`, renderQuestion(table, form));
  }
  const earlier = form.isWhole ? '' : (betweenMarkers(text, 'bars') ?? '');
  replace('bars', renderLatestBars(results, earlier));
  writeFileSync(path, text);
  return written;
}

function betweenMarkers(text: string, name: string): string | undefined {
  const start = `<!-- benchmark:${name}:start -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(`<!-- benchmark:${name}:end -->`, from);
  return from < 0 || to < 0 ? undefined : text.slice(from + start.length, to);
}

/** The text with new content between the markers; undefined if the pair of markers is not there. */
export function replaceBetweenMarkers(
  text: string,
  name: string,
  content: string,
): string | undefined {
  const start = `<!-- benchmark:${name}:start -->`;
  const end = `<!-- benchmark:${name}:end -->`;
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  if (from < 0 || to < 0) return undefined;
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

export function renderTable(table: BenchmarkTable): string {
  const headings = table.columns.flatMap((column) => [
    `${column.title} (${column.unit})`,
    ...(isCompared(table, column) ? [`÷ ${table.reference}`] : []),
  ]);
  const lines = [
    `**${table.title}**: ${table.description}.`,
    '',
    `| | ${headings.join(' | ')} | |`,
    `|---|${headings.map(() => '---:').join('|')}|---|`,
    ...table.rows.map((row) => renderRow(table, row)),
    '',
    ...renderTargets(table),
    '',
    originOf(table),
  ];
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

/** A question's plot with what was to be reached; the figures are on the page with all tables. */
function renderQuestion(table: BenchmarkTable, { plots, tables }: DocumentForm): string {
  const lines = [
    `**${table.title}** ([figures](${tables}))`,
    '',
    `![${table.title}](${plots}/${table.name}.svg)`,
    '',
    ...renderTargets(table),
    '',
    originOf(table),
  ];
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}

const BARS_HEADING = ['| question | bar | measured | |', '|---|---|---:|---|'];

/** Every bar of the run in one table. */
export function renderBars(results: BenchmarkResults): string {
  const sources = [...new Set(results.tables.map(({ origin }) => sourceOf(origin)))];
  const verdicts = results.tables.flatMap(judgeTargets);
  const count = (met: boolean | undefined): number =>
    verdicts.filter((judged) => judged.met === met).length;
  return [
    `Bars: ${count(true)} met, ${count(false)} missed, ${count(undefined)} not judged. ${sources.join(' ')}`,
    '',
    ...BARS_HEADING,
    ...results.tables.flatMap(barLines),
  ].join('\n');
}

/** The bars of the run, where those of its questions were in `earlier`, or behind the others. */
export function renderLatestBars(results: BenchmarkResults, earlier: string): string {
  const rest = [...results.tables];
  const lines: string[] = [];
  for (const line of earlier.split('\n').filter(isBarLine)) {
    const index = rest.findIndex(({ title }) => line.startsWith(questionCell(title)));
    if (index >= 0) lines.push(...rest.splice(index, 1).flatMap(barLines));
    else if (!results.tables.some(({ title }) => line.startsWith(questionCell(title)))) {
      lines.push(line);
    }
  }
  return [
    'The bars of each question were measured by the run that is named under its figures.',
    '',
    ...BARS_HEADING,
    ...lines,
    ...rest.flatMap(barLines),
  ].join('\n');
}

function isBarLine(line: string): boolean {
  return line.startsWith('| ') && !BARS_HEADING.includes(line);
}

function questionCell(title: string): string {
  return `| ${title} |`;
}

function barLines(table: BenchmarkTable): string[] {
  return describeBars(table).map(
    ({ wanted, measured, verdict }) =>
      `${questionCell(table.title)} ${wanted} | ${measured} | ${verdict} |`,
  );
}

function renderTargets(table: BenchmarkTable): string[] {
  return describeBars(table).map(({ wanted, measured, verdict }) =>
    measured === NOT_MEASURED ? `- ${wanted}: ${verdict}` : `- ${wanted}: ${measured} (${verdict})`,
  );
}

interface Bar {
  readonly wanted: string;
  readonly measured: string;
  readonly verdict: string;
}

/** Each bar, or where there are many, one line for each column that they are about. */
function describeBars(table: BenchmarkTable): Bar[] {
  const judged = judgeTargets(table);
  if (judged.length <= BARS_LISTED_MAX) return judged.map((one) => describeTarget(table, one));
  const columns = [...new Set(judged.map(({ target }) => target.column))];
  return columns.map((column) =>
    describeTogether(
      table,
      judged.filter(({ target }) => target.column === column),
    ),
  );
}

/** Bars of one column, which all have the same limit; the worst figure stands for all. */
function describeTogether(table: BenchmarkTable, judged: readonly JudgedTarget[]): Bar {
  const { target } = judged[0]!;
  const isWorse = (left: number, right: number): boolean =>
    target.bound === 'at most' ? left > right : left < right;
  const figures = judged.flatMap(({ measured }) => measured ?? []);
  const worst = figures.reduce<number | undefined>(
    (worse, figure) => (worse === undefined || isWorse(figure, worse) ? figure : worse),
    undefined,
  );
  const count = (met: boolean | undefined): number =>
    judged.filter((one) => one.met === met).length;
  const { wanted, measured } = describeTarget(table, { target, measured: worst, met: undefined });
  return {
    wanted: wanted.replace(target.row, `each of ${judged.length} rows`),
    measured: worst === undefined ? NOT_MEASURED : `${measured} at worst`,
    verdict: `${count(true)} met, **${count(false)} missed**, ${count(undefined)} not judged`,
  };
}

function originOf(table: BenchmarkTable): string {
  const rounds = table.rounds === 1 ? 'One round' : `Median of ${table.rounds} interleaved rounds`;
  const spread = table.rounds === 1 ? '' : ', in brackets the lowest and the highest';
  return `${rounds}${spread}. ${sourceOf(table.origin)}`;
}

function sourceOf({ date, command, commit, machine, load }: Origin): string {
  const others = `whose load average was ${load.toFixed(1)} when the run began`;
  return `Measured on ${date} with \`${command}\` at ${commit} on ${machine}, ${others}.`;
}

function renderRow(table: BenchmarkTable, row: BenchmarkRow): string {
  const cells = table.columns.flatMap((column) => {
    const samples = row.samples[column.key] ?? [];
    const cell = samples.length === 0 ? '–' : renderSummary(summarize(samples));
    if (!isCompared(table, column)) return [cell];
    const ratio = summarizeRatio(samples, samplesOf(table, table.reference, column.key));
    return [cell, ratio === undefined ? '–' : renderNumber(ratio.median)];
  });
  const note = row.failure === undefined ? row.note : 'did not run here';
  return `| ${row.name} | ${cells.join(' | ')} | ${note.replaceAll('|', '\\|')} |`;
}

function isCompared(table: BenchmarkTable, column: BenchmarkColumn): boolean {
  return column.compared && samplesOf(table, table.reference, column.key).length > 0;
}

function describeTarget(table: BenchmarkTable, { target, measured, met }: JudgedTarget): Bar {
  const column = table.columns.find(({ key }) => key === target.column);
  const unit = target.against === undefined ? ` ${column?.unit ?? ''}` : ` × ${target.against}`;
  const limit = renderNumber(target.limit);
  return {
    wanted: `${target.row}, ${column?.title ?? target.column}: ${target.bound} ${limit}${unit}`,
    measured: measured === undefined ? NOT_MEASURED : renderNumber(measured),
    verdict: verdictOf(table, target, measured, met),
  };
}

function verdictOf(
  table: BenchmarkTable,
  { onlyIf }: BenchmarkTarget,
  measured: number | undefined,
  met: boolean | undefined,
): string {
  if (measured === undefined) return 'not measured';
  if (met !== undefined) return met ? 'met' : '**missed**';
  if (onlyIf === undefined) return 'not judged';
  const { row, column: key, atMost } = onlyIf;
  const column = table.columns.find((candidate) => candidate.key === key);
  return `not judged: ${row}, ${column?.title ?? key}, is not within ${atMost} ${column?.unit ?? ''} here`;
}

function renderSummary({ median, min, max }: Summary): string {
  const isSteady = renderNumber(min) === renderNumber(max);
  const spread = isSteady ? '' : ` (${renderNumber(min)}–${renderNumber(max)})`;
  return renderNumber(median) + spread;
}
