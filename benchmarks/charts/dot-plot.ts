/**
 * A table as a picture: a line for each row, a dot at the median of each series, a bar from the
 * lowest to the highest round. Axes come from d3-scale; the SVG itself is written here, so that
 * drawing needs no browser.
 *
 * The picture brings its own background and follows the reader's light or dark mode, because a page
 * that embeds it as an image cannot style it. Series differ in shape as well as in colour.
 */
import { scaleLinear, scaleLog } from 'd3-scale';
import type { MeasuredTable } from '../results.ts';
import { renderNumber, type Summary, summarize } from '../statistics.ts';

export interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log';
  /** Keys of the columns drawn here. */
  readonly columns: readonly string[];
  /** Drawn as a dashed line: what must not be exceeded, or must be reached. */
  readonly bar?: number;
}

interface Mark {
  readonly y: number;
  readonly series: number;
  readonly label: string;
  readonly summary: Summary;
}

const WIDTH = 820;
const MARGIN = 16;
const ROW_HEIGHT = 22;
const TITLE_HEIGHT = 44;
const AXIS_HEIGHT = 40;
const LETTER_WIDTH = 6.6;
const TICKS = 6;
/** A logarithmic axis has no zero: what is smaller stands at its left end. */
const LOG_SPAN_MAX = 1e7;

const LIGHT = ['#0969da', '#bc4c00', '#1a7f37', '#8250df', '#bf3989', '#57606a'];
const DARK = ['#58a6ff', '#f0883e', '#3fb950', '#bc8cff', '#ff7bb7', '#9ea7b3'];

/** The whole document; undefined if nothing was measured that it could show. */
export function renderPlot(table: MeasuredTable): string | undefined {
  const labelWidth = 12 + LETTER_WIDTH * Math.max(...table.rows.map(({ name }) => name.length));
  let y = MARGIN;
  const parts: string[] = [];
  for (const panel of table.panels) {
    const drawn = renderPanel(table, panel, labelWidth, y);
    if (drawn === undefined) continue;
    parts.push(drawn.svg);
    y += drawn.height;
  }
  if (parts.length === 0) return undefined;
  const height = Math.ceil(y - MARGIN / 2);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" ` +
      `height="${height}" role="img" aria-label="${escapeXml(table.title)}">`,
    `<style>${styleSheet()}</style>`,
    `<rect class="paper" width="${WIDTH}" height="${height}" rx="6"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function renderPanel(
  table: MeasuredTable,
  panel: Panel,
  labelWidth: number,
  top: number,
): { svg: string; height: number } | undefined {
  const rows = table.rows.filter(({ samples }) => panel.columns.some((key) => key in samples));
  const firstY = top + TITLE_HEIGHT + ROW_HEIGHT / 2;
  const marks = rows.flatMap((row, index) => marksOf(table, panel, row.samples, index, firstY));
  if (marks.length === 0) return undefined;
  const left = MARGIN + labelWidth;
  const right = WIDTH - MARGIN - 24;
  const x = positionScale(panel, marks, left, right);
  const bottom = top + TITLE_HEIGHT + rows.length * ROW_HEIGHT;
  const barNote = panel.bar === undefined ? '' : '; dashed: the bar';
  const svg = [
    text(MARGIN, top + 14, `${panel.title} (${panel.unit}${barNote})`, 'title'),
    renderLegend(table, panel, top + 32),
    ...ticksOf(x, panel).map(
      (tick) =>
        `<line class="grid" x1="${at(x(tick))}" x2="${at(x(tick))}" y1="${top + TITLE_HEIGHT}" y2="${bottom}"/>` +
        text(x(tick), bottom + 16, renderTick(tick), 'tick middle'),
    ),
    ...rows.map(({ name }, index) => text(MARGIN, firstY + index * ROW_HEIGHT + 4, name, 'row')),
    ...(panel.bar === undefined ? [] : [renderBar(x(panel.bar), top + TITLE_HEIGHT, bottom)]),
    ...marks.map((mark) => renderMark(mark, x)),
  ];
  return { svg: svg.join('\n'), height: bottom - top + AXIS_HEIGHT };
}

function marksOf(
  table: MeasuredTable,
  panel: Panel,
  samples: Readonly<Record<string, readonly number[]>>,
  row: number,
  firstY: number,
): Mark[] {
  return panel.columns.flatMap((key, series) => {
    const figures = samples[key] ?? [];
    if (figures.length === 0) return [];
    // A little apart, so that series with equal figures do not hide one another.
    const spread = panel.columns.length === 1 ? 0 : series / (panel.columns.length - 1) - 0.5;
    const y = firstY + row * ROW_HEIGHT + spread * 8;
    return [{ y, series, label: titleOf(table, key), summary: summarize(figures) }];
  });
}

function positionScale(
  { scale, bar }: Panel,
  marks: readonly Mark[],
  left: number,
  right: number,
): ((figure: number) => number) & { ticks(count: number): number[] } {
  const figures = marks.flatMap(({ summary }) => [summary.min, summary.max]);
  if (bar !== undefined) figures.push(bar);
  const highest = Math.max(...figures);
  if (scale === 'linear') {
    const domain = [Math.min(0, ...figures), highest === 0 ? 1 : highest];
    return scaleLinear(domain, [left, right]).nice(TICKS);
  }
  const least = Math.max(highest / LOG_SPAN_MAX, Number.MIN_VALUE);
  const lowest = Math.min(...figures.filter((figure) => figure >= least));
  const end = highest > lowest ? highest : lowest * 10;
  return scaleLog([lowest, end], [left, right]).nice().clamp(true);
}

/** Powers of ten on a logarithmic axis, unless it is so short that there are too few. */
function ticksOf(x: { ticks(count: number): number[] }, { scale }: Panel): number[] {
  const ticks = x.ticks(TICKS);
  if (scale === 'linear') return ticks;
  const powers = ticks.filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e9) / 1e9));
  return powers.length > 1 ? powers : ticks;
}

function renderLegend(table: MeasuredTable, panel: Panel, y: number): string {
  let x = MARGIN + 5;
  return panel.columns
    .map((key, series) => {
      const title = titleOf(table, key);
      const entry = symbol(x, y - 4, series) + text(x + 10, y, title, 'tick');
      x += 28 + LETTER_WIDTH * title.length;
      return entry;
    })
    .join('');
}

function renderBar(x: number, top: number, bottom: number): string {
  return `<line class="bar" x1="${at(x)}" x2="${at(x)}" y1="${top}" y2="${bottom}"/>`;
}

function renderMark({ y, series, label, summary }: Mark, x: (figure: number) => number): string {
  const { median, min, max } = summary;
  const range = `${renderNumber(median)} (${renderNumber(min)}–${renderNumber(max)})`;
  return (
    `<g class="s${series}"><title>${escapeXml(`${label}: ${range}`)}</title>` +
    `<line x1="${at(x(min))}" x2="${at(x(max))}" y1="${at(y)}" y2="${at(y)}"/>` +
    `${symbol(x(median), y, series)}</g>`
  );
}

function symbol(x: number, y: number, series: number): string {
  const style = `class="dot s${series}"`;
  const r = 4;
  const points = {
    0: '',
    1: `${at(x - r)},${at(y + r)} ${at(x)},${at(y - r)} ${at(x + r)},${at(y + r)}`,
    2: `${at(x - r)},${at(y - r)} ${at(x + r)},${at(y - r)} ${at(x + r)},${at(y + r)} ${at(x - r)},${at(y + r)}`,
    3: `${at(x - r)},${at(y)} ${at(x)},${at(y - r)} ${at(x + r)},${at(y)} ${at(x)},${at(y + r)}`,
    4: `${at(x - r)},${at(y - r)} ${at(x + r)},${at(y - r)} ${at(x)},${at(y + r)}`,
    5: '',
  }[series];
  if (points === undefined) throw new RangeError(`no symbol for series ${series}`);
  if (points === '')
    return `<circle ${style} cx="${at(x)}" cy="${at(y)}" r="${series === 0 ? r : 2.5}"/>`;
  return `<polygon ${style} points="${points}"/>`;
}

function styleSheet(): string {
  const colours = (palette: readonly string[]): string =>
    palette.map((colour, series) => `.s${series}{fill:${colour};stroke:${colour}}`).join('');
  const dark =
    `.paper{fill:#0d1117;stroke:#3d444d}text{fill:#e6edf3}.tick{fill:#b1bac4}` +
    `.grid{stroke:#2a3038}.bar{stroke:#e6edf3}${colours(DARK)}`;
  return (
    'text{font:12px system-ui,sans-serif;fill:#1f2328;stroke:none}.title{font-weight:600}' +
    '.tick{fill:#57606a;font-size:11px}.middle{text-anchor:middle}.paper{fill:#fff;stroke:#d0d7de}' +
    `.grid{stroke:#e4e8ec}.bar{stroke:#1f2328;stroke-dasharray:4 3}line{stroke-width:1.5}` +
    `${colours(LIGHT)}@media(prefers-color-scheme:dark){${dark}}`
  );
}

function titleOf(table: MeasuredTable, key: string): string {
  return table.columns.find((column) => column.key === key)?.title ?? key;
}

function text(x: number, y: number, content: string, style: string): string {
  return `<text class="${style}" x="${at(x)}" y="${at(y)}">${escapeXml(content)}</text>`;
}

function renderTick(tick: number): string {
  return tick.toLocaleString('en', { notation: 'compact', maximumSignificantDigits: 3 });
}

function at(position: number): string {
  return String(Math.round(position * 10) / 10);
}

function escapeXml(content: string): string {
  return content
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
