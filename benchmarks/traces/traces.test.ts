// Goal: a trace is what its name says, and the same whenever its seed is given again.
// Method: counts over small traces, and a policy played over one by hand. Not covered: whether any
// of them resembles a real program's requests.
import { SeededRandom } from '@holdfast/core/testing';
import { expect, test } from 'vitest';
import { Lru } from '../policies/lru.ts';
import { TRACES } from './index.ts';
import { hitRatioOf } from './replay.ts';
import { type Trace, traceOf } from './trace.ts';
import { zipfRanks } from './zipf.ts';

const OPTIONS = { objectCount: 1_000, requestCount: 24_000, seed: 3 };

function traceNamed(name: string): Trace {
  return TRACES.find((kind) => kind.name === name)!.create(OPTIONS);
}

test.each(TRACES)('$name: the seed decides it, and its numbers stay below their end', (kind) => {
  const trace = kind.create(OPTIONS);
  expect(trace.requests).toEqual(kind.create(OPTIONS).requests);
  expect(trace.requests).toHaveLength(OPTIONS.requestCount);
  expect(Math.max(...trace.requests)).toBe(trace.numbersEnd - 1);
  const isRandom = kind.name !== 'loops';
  const other = kind.create({ ...OPTIONS, seed: 4 });
  expect(other.requests.every((object, at) => object === trace.requests[at])).toBe(!isRandom);
});

test.each([0.6, 1, 1.2])('Zipf %d draws rank r in proportion to 1 / r ** skew', (skew) => {
  const draw = zipfRanks(100, skew, new SeededRandom(1));
  const counts = new Array<number>(100).fill(0);
  for (let drawn = 0; drawn < 200_000; drawn++) counts[draw()]!++;
  expect(counts[0]! / counts[9]! / 10 ** skew).toBeCloseTo(1, 0);
  expect(counts[0]! / counts[99]! / 100 ** skew).toBeGreaterThan(0.7);
  expect(counts[0]! / counts[99]! / 100 ** skew).toBeLessThan(1.4);
});

test('half of the one-hit wonders are requests for what never comes again', () => {
  const { requests } = traceNamed('one-hit wonders');
  const wonders = requests.filter((object) => object >= OPTIONS.objectCount);
  expect(new Set(wonders).size).toBe(wonders.length);
  expect(wonders.length / requests.length).toBeCloseTo(0.5, 1);
});

test('scan bursts read others in order, a tenth of the objects at a time', () => {
  const { requests } = traceNamed('scan bursts');
  expect([...requests.slice(100, 103)]).toEqual([1_000, 1_001, 1_002]);
  expect([...requests.slice(300, 302)]).toEqual([1_100, 1_101]);
  expect(requests.slice(0, 100).every((object) => object < 1_000)).toBe(true);
});

test('loops are hopeless for LRU in a cache half as large', () => {
  const trace = traceNamed('loops');
  expect(hitRatioOf(trace, new Lru(10))).toBe(0);
  expect(hitRatioOf(trace, new Lru(400))).toBeGreaterThan(0.7);
});

test('the hot set shifts: what was asked for most is another object at the end', () => {
  const { requests } = traceNamed('shifting hot set');
  const isMost = (from: number): number => {
    const counts = new Map<number, number>();
    for (const object of requests.slice(from, from + 2_000)) {
      counts.set(object, (counts.get(object) ?? 0) + 1);
    }
    return [...counts].sort(([, left], [, right]) => right - left)[0]![0];
  };
  expect([isMost(0), isMost(22_000)]).toEqual([0, 550]);
});

test('an object that has expired is a miss, and counts from when it was stored again', () => {
  const trace = { ...traceOf(6, () => 0), lifetimeOf: () => 2 };
  // Stored at 0, hit at 1, expired and stored again at 2, hit at 3, and so on.
  expect(hitRatioOf(trace, new Lru(1))).toBe(0.5);
  expect(
    hitRatioOf(
      traceOf(6, () => 0),
      new Lru(1),
    ),
  ).toBeCloseTo(5 / 6);
});
