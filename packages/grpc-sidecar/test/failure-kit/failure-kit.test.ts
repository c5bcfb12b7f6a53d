// Goal: the locks pass every failure of the list in docs/locks.md.
// Method: the scenarios that `npm run failure-kit` plays, against a server in a process of its own;
// many at a time, since they mostly wait. Heavy ones have the machine to themselves.
// Not covered: leases of a cluster. Random histories are in packages/core
// (lock-journal.history.test.ts).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assertBuilt } from '../command-process.ts';
import { OwnServer } from './bench.ts';
import { runScenario } from './run-scenario.ts';
import { titleOf } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const TIMEOUT_MS = 90_000;

let folder: string;
let server: OwnServer;

beforeAll(async () => {
  assertBuilt();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-kit-'));
  server = new OwnServer(folder, []);
  await server.start();
});

afterAll(async () => {
  await server.kill();
  rmSync(folder, { recursive: true });
});

describe.concurrent('failures', () => {
  for (const scenario of SCENARIOS.filter(({ isHeavy }) => !isHeavy)) {
    test(titleOf(scenario), () => runScenario(scenario, server.address), TIMEOUT_MS);
  }
});

describe('failures that load the machine', () => {
  for (const scenario of SCENARIOS.filter(({ isHeavy }) => isHeavy)) {
    test(titleOf(scenario), () => runScenario(scenario, server.address), TIMEOUT_MS);
  }
});

test('the list is whole', () => {
  const numbers = [...Array.from({ length: 31 }, (_, index) => index + 1), 35, 36];
  expect(SCENARIOS.map(({ number }) => number)).toEqual(numbers);
});
