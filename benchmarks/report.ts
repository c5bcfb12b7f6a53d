/**
 * Turns results into Markdown, and writes them into a document between markers:
 *
 *   <!-- benchmark:objects:start -->  …replaced…  <!-- benchmark:objects:end -->
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type BenchmarkColumn,
  type BenchmarkResults,
  type BenchmarkRow,
  type BenchmarkTable,
  type JudgedTarget,
  judgeTargets,
  samplesOf,
} from './results.ts';
import { type Summary, summarize, summarizeRatio } from './statistics.ts';

/**
 * Replaces what is between each table's markers. A document that lacks a table's markers keeps out
 * of it.
 */
export function writeIntoDocument(path: string, results: BenchmarkResults): string[] {
  let text = readFileSync(path, 'utf8');
  const written: string[] = [];
  for (const table of results.tables) {
    const replaced = replaceBetweenMarkers(text, table.name, renderTable(table, results));
    if (replaced === undefined) continue;
    text = replaced;
    written.push(table.name);
  }
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

export function renderTable(table: BenchmarkTable, results: BenchmarkResults): string {
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
    ...judgeTargets(table).map((judged) => `- ${renderTarget(judged)}`),
    '',
    `Median of ${results.rounds} interleaved rounds, in brackets the lowest and the highest. ` +
      `Measured on ${results.date} with \`${results.command}\` at ${results.commit} on ${results.machine}.`,
  ];
  return lines.join('\n').replaceAll(/\n{3,}/g, '\n\n');
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

export function renderTarget({ target, measured, met }: JudgedTarget): string {
  const wanted = `${target.row} ${target.column} ${target.bound} ${target.ratio} × ${target.against}`;
  if (measured === undefined) return `${wanted}: not measured`;
  return `${wanted}: ${renderNumber(measured)} (${met ? 'met' : 'missed'})`;
}

function renderSummary({ median, min, max }: Summary): string {
  const isSteady = renderNumber(min) === renderNumber(max);
  const spread = isSteady ? '' : ` (${renderNumber(min)}–${renderNumber(max)})`;
  return renderNumber(median) + spread;
}

/** Three significant digits, or all of a whole number: more would claim what was not measured. */
function renderNumber(number: number): string {
  if (number >= 100) return Math.round(number).toLocaleString('en');
  return String(Number(number.toPrecision(3)));
}
