/**
 * Turns results into Markdown, and writes them into documents between markers:
 *
 *   <!-- benchmark:objects:start -->  …the table, replaced…  <!-- benchmark:objects:end -->
 *   <!-- benchmark:objects:summary:start -->  …its plot and bars…  <!-- …:summary:end -->
 *   <!-- benchmark:bars:start -->  …all bars of a whole run…  <!-- benchmark:bars:end -->
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

export interface DocumentForm {
  /** From the document to the folder of the plots. */
  readonly plots: string;
  /** From the document to the page with all tables. */
  readonly tables: string;
  /** Whether the results are of a whole run, whose bars may replace those of another. */
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
  if (form.isWhole) replace('bars', renderBars(results));
  writeFileSync(path, text);
  return written;
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

/** Every bar of the run in one table. */
export function renderBars(results: BenchmarkResults): string {
  const lines = results.tables.flatMap((table) =>
    judgeTargets(table).map((judged) => {
      const { wanted, measured, verdict } = describeTarget(table, judged);
      return `| ${table.title} | ${wanted} | ${measured} | ${verdict} |`;
    }),
  );
  const sources = [...new Set(results.tables.map(({ origin }) => sourceOf(origin)))];
  const verdicts = results.tables.flatMap(judgeTargets);
  const count = (met: boolean | undefined): number =>
    verdicts.filter((judged) => judged.met === met).length;
  return [
    `Bars: ${count(true)} met, ${count(false)} missed, ${count(undefined)} not judged. ${sources.join(' ')}`,
    '',
    '| question | bar | measured | |',
    '|---|---|---:|---|',
    ...lines,
  ].join('\n');
}

function renderTargets(table: BenchmarkTable): string[] {
  return judgeTargets(table).map((judged) => {
    const { wanted, measured, verdict } = describeTarget(table, judged);
    return judged.measured === undefined
      ? `- ${wanted}: ${verdict}`
      : `- ${wanted}: ${measured} (${verdict})`;
  });
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

function describeTarget(
  table: BenchmarkTable,
  { target, measured, met }: JudgedTarget,
): { wanted: string; measured: string; verdict: string } {
  const column = table.columns.find(({ key }) => key === target.column);
  const unit = target.against === undefined ? ` ${column?.unit ?? ''}` : ` × ${target.against}`;
  const limit = renderNumber(target.limit);
  return {
    wanted: `${target.row}, ${column?.title ?? target.column}: ${target.bound} ${limit}${unit}`,
    measured: measured === undefined ? '–' : renderNumber(measured),
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
  const { row, column: key, atMost } = onlyIf!;
  const column = table.columns.find((candidate) => candidate.key === key);
  return `not judged: ${row}, ${column?.title}, is over ${atMost} ${column?.unit} here`;
}

function renderSummary({ median, min, max }: Summary): string {
  const isSteady = renderNumber(min) === renderNumber(max);
  const spread = isSteady ? '' : ` (${renderNumber(min)}–${renderNumber(max)})`;
  return renderNumber(median) + spread;
}
