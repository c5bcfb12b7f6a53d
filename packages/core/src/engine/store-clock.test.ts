// Goal: the store's time never goes back and never stands still, whatever happens to the wall
// clock.
// Method: a manual clock whose two sides are moved apart. Not covered: real clocks (the adapters).
import { expect, test } from 'vitest';
import { ManualClock } from '../testing/index.ts';
import { StoreClock } from './store-clock.ts';

const START = 1_700_000_000_000;

test('follows the wall clock, jumps forward included', async () => {
  const clock = new ManualClock(START);
  const store = new StoreClock(clock, 0);
  expect(store.nowMs()).toBe(START);
  await clock.advance(7);
  expect(store.nowMs()).toBe(START + 7);
  clock.setWallMs(START + 1_000_000);
  expect(store.nowMs()).toBe(START + 1_000_000);
});

test('goes on at the monotonic pace after a jump back, until the wall clock has caught up', async () => {
  const clock = new ManualClock(START);
  const store = new StoreClock(clock, 0);
  store.nowMs();
  clock.setWallMs(START - 5_000);
  expect(store.nowMs()).toBe(START);
  await clock.advance(2_000);
  expect(store.nowMs()).toBe(START + 2_000);
  clock.setWallMs(START + 2_500);
  expect(store.nowMs()).toBe(START + 2_500);
  await clock.advance(1);
  expect(store.nowMs()).toBe(START + 2_501);
});

test('two jumps back in a row do not lose time', async () => {
  const clock = new ManualClock(START);
  const store = new StoreClock(clock, 0);
  clock.setWallMs(START - 1_000);
  store.nowMs();
  clock.setWallMs(START - 90_000);
  const before = store.nowMs();
  await clock.advance(300);
  expect(store.nowMs()).toBe(before + 300);
});

test('starts no earlier than an earlier opening ended, and moves from there', async () => {
  const clock = new ManualClock(START);
  const store = new StoreClock(clock, START + 60_000);
  expect(store.nowMs()).toBe(START + 60_000);
  await clock.advance(250);
  expect(store.nowMs()).toBe(START + 60_250);
});

test('goes on from a floor it is raised to, even while the wall clock is behind', async () => {
  const clock = new ManualClock(START);
  const store = new StoreClock(clock, START + 10);
  store.nowMs();
  store.raiseTo(START + 60_000);
  store.raiseTo(START + 20);
  expect(store.nowMs()).toBe(START + 60_000);
  await clock.advance(250);
  expect(store.nowMs()).toBe(START + 60_250);
});

test('gives whole milliseconds', () => {
  const clock = new ManualClock(START + 0.75);
  expect(new StoreClock(clock, 0).nowMs()).toBe(START);
});
