// Goal: a plot shows what was measured, and can be read in light and in dark.
// Method: the SVG's text for small made-up tables. Not covered: how it looks, which people judge.
import { expect, test } from 'vitest';
import type { MeasuredTable } from '../results.ts';
import { renderPlot } from './dot-plot.ts';

const TABLE: MeasuredTable = {
  name: 'gets',
  title: 'Gets & sets',
  description: '',
  columns: [
    { key: 'get', title: 'get', unit: 'ns', compared: false },
    { key: 'set', title: 'set', unit: 'ns', compared: false },
  ],
  rows: [
    { name: 'ours <1>', note: '', samples: { get: [90, 100, 200], set: [1_000] } },
    { name: 'theirs', note: '', samples: { get: [1_000] } },
    { name: 'broken', note: '', samples: {}, failure: 'no' },
  ],
  reference: 'theirs',
  targets: [],
  panels: [{ title: 'Times', unit: 'ns', scale: 'log', columns: ['get', 'set'], bar: 500 }],
  rounds: 3,
};

test('draws each series of each measured row, with its spread', () => {
  const svg = renderPlot(TABLE)!;
  expect(svg).toContain('<title>get: 100 (90–200)</title>');
  expect(svg).toContain('<title>set: 1,000 (1,000–1,000)</title>');
  expect(svg.match(/<g class="s/g)).toHaveLength(3);
  expect(svg).not.toContain('broken');
  expect(svg).toContain('class="bar"');
  expect(svg).toContain('Times (ns; dashed: the bar)');
});

test('escapes names, and gives every picture a text for those who cannot see it', () => {
  const svg = renderPlot(TABLE)!;
  expect(svg).toContain('ours &lt;1&gt;');
  expect(svg).toContain('aria-label="Gets &amp; sets"');
  expect(svg).not.toContain('ours <1>');
});

test('brings its own paper and ink for light and for dark', () => {
  const svg = renderPlot(TABLE)!;
  expect(svg).toContain('<rect class="paper"');
  expect(svg).toMatch(/@media\(prefers-color-scheme:dark\)\{\.paper\{fill:#0d1117/);
});

test('positions rise with figures, on both kinds of axis, and stay on the paper', () => {
  for (const scale of ['linear', 'log'] as const) {
    const panels = [{ ...TABLE.panels[0]!, scale }];
    const svg = renderPlot({ ...TABLE, panels })!;
    const xs = [...svg.matchAll(/<line x1="([\d.]+)" x2="([\d.]+)"/g)].map((m) => Number(m[2]));
    expect(xs[0]).toBeLessThan(xs[1]!);
    expect(Math.max(...xs)).toBeLessThan(820);
  }
});

test('zero has a place on a logarithmic axis, and figures that are all equal have an axis', () => {
  for (const get of [[0], [0, 5], [7, 7]]) {
    const rows = [{ name: 'ours', note: '', samples: { get } }];
    expect(renderPlot({ ...TABLE, rows })).not.toMatch(/NaN|Infinity|undefined/);
  }
});

test('nothing measured is no picture', () => {
  expect(renderPlot({ ...TABLE, rows: [TABLE.rows[2]!] })).toBeUndefined();
});
