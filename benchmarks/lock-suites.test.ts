// Goal: lock services are really asked, each alike, and one that is not there is left out with its
// reason.
// Method: one short turn of each part, of our sidecar and of the bare server; etcd without a PATH
// to find it on. Not covered: the figures; etcd itself, which few machines have.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lockSuites } from './lock-suites.ts';
import { bareLocks } from './locks/bare-locks.ts';
import { etcdLocks } from './locks/etcd-locks.ts';
import { holdfastLocks } from './locks/holdfast-locks.ts';
import { measureInTurns } from './locks/lock-turns.ts';

beforeEach(() => {
  vi.stubEnv('PATH', '/nowhere');
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test('measures every part of every service, and leaves out what is not there', {
  timeout: 60_000,
}, async () => {
  const peers = { holdfast: holdfastLocks('tcp'), bare: bareLocks, etcd: etcdLocks };
  const failures: string[] = [];
  const measured = await measureInTurns(
    peers,
    ['free', 'handed', 'crowdFree', 'crowdHanded'],
    { count: 1, ms: 150 },
    (name, { message }) => failures.push(`${name}: ${message}`),
  );
  expect(failures).toEqual([expect.stringMatching(/^etcd: etcd is not installed/)]);
  expect([...measured.keys()]).toEqual(['holdfast', 'bare']);
  for (const latencies of measured.values()) {
    for (const [part, each] of Object.entries(latencies)) {
      expect(each.microseconds(50), part).toBeGreaterThan(10);
      expect(each.microseconds(99), part).toBeGreaterThanOrEqual(each.microseconds(50));
    }
  }
});

test('suites have names of their own, and say how they are measured', () => {
  expect(lockSuites.map(({ name }) => name)).toEqual([
    'what-does-a-lock-cost',
    'locks-beside-etcd',
  ]);
});
