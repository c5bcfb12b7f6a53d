// Goal: the counter knows how many live records, and bytes of them, are past their deadline: none
// too early, none more than a tick late.
// Method: seeded operations against a list. Not covered: who calls it (record-table).
import { expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { NEVER } from './expiry.ts';
import { ExpiryCounter } from './expiry-counter.ts';

const TICK_MS = 64;

test('as a list of all records, over random operations and steps of time', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new SeededRandom(seed);
    const counter = new ExpiryCounter();
    let records: { expiresAtMs: number; bytes: number }[] = [];
    let nowMs = seed % 3 === 0 ? 0 : 1_700_000_000_000 + random.below(1_000);
    for (let step = 0; step < 400; step++) {
      const dice = random.below(10);
      if (dice < 5) {
        const ttlMs = random.below(random.chance(0.5) ? 300 : 100_000) - 50;
        const expiresAtMs = random.chance(0.1) ? NEVER : Math.max(0, nowMs + ttlMs);
        const record = { expiresAtMs, bytes: 1 + random.below(100) };
        records.push(record);
        counter.add(record.expiresAtMs, record.bytes);
      } else if (dice < 8 && records.length > 0) {
        const [record] = records.splice(random.below(records.length), 1);
        counter.remove(record!.expiresAtMs, record!.bytes);
      } else if (dice < 9) nowMs += random.below(random.chance(0.2) ? 200_000 : 200);
      else if (random.chance(0.05)) {
        counter.clear();
        records = [];
      }
      const past = records.filter(({ expiresAtMs }) => expiresAtMs <= nowMs);
      const surely = past.filter(({ expiresAtMs }) => expiresAtMs + TICK_MS <= nowMs);
      const sum = (list: typeof records): number => list.reduce((all, { bytes }) => all + bytes, 0);
      const count = counter.expiredCount(nowMs);
      expect(count, `seed=${seed} step=${step}`).toBeLessThanOrEqual(past.length);
      expect(count, `seed=${seed} step=${step}`).toBeGreaterThanOrEqual(surely.length);
      expect(counter.expiredBytes(nowMs)).toBeLessThanOrEqual(sum(past));
      expect(counter.expiredBytes(nowMs)).toBeGreaterThanOrEqual(sum(surely));
    }
  }
});

test('a deadline on a tick counts at that moment', () => {
  const counter = new ExpiryCounter();
  counter.add(TICK_MS * 10, 5);
  expect(counter.expiredCount(TICK_MS * 10 - 1)).toBe(0);
  expect(counter.expiredCount(TICK_MS * 10)).toBe(1);
});

test('a jump of years is one step', () => {
  const counter = new ExpiryCounter();
  for (let index = 0; index < 1_000; index++) counter.add(index * 1_000, 1);
  expect(counter.expiredCount(1e15)).toBe(1_000);
  counter.remove(5_000, 1);
  expect(counter.expiredCount(1e15)).toBe(999);
});
