/** What a lock costs: next to the least it can, and next to etcd. */
import { bareLocks } from './locks/bare-locks.ts';
import { etcdLocks } from './locks/etcd-locks.ts';
import { holdfastLocks } from './locks/holdfast-locks.ts';
import type { LockPeer } from './locks/lock-peer.ts';
import { CROWD, measureInTurns, type Part } from './locks/lock-turns.ts';
import { HOLDFAST } from './peers/contestant.ts';
import type { BenchmarkColumn, BenchmarkRow, BenchmarkTarget } from './results.ts';
import { renderNumber } from './statistics.ts';
import type { Suite } from './suite.ts';
import type { Latencies } from './timing.ts';

/** Short ones, and many: others on the machine then hit all alike. */
const TURNS = { count: 24, ms: 250 };

const BARE = 'one sync, one round trip';
const ETCD = 'etcd';

const TITLES: Readonly<Record<Part, string>> = {
  free: 'free',
  handed: 'handed over',
  crowdFree: `free, ${CROWD} at once`,
  crowdHanded: `handed over, ${CROWD} in line`,
};

const METHOD =
  'The client has a process of its own and speaks grpc-js, message by message; all take turns of a quarter of a second. **free**: from ' +
  'asking for a free lock to having it. **handed over**: from the release by its holder to the grant to the one client in line';

export const lockSuites: readonly Suite[] = [
  lockSuite({
    name: 'what-does-a-lock-cost',
    title: 'What does a lock cost?',
    description: `over a Unix socket. ${METHOD}`,
    peers: { [HOLDFAST]: holdfastLocks('unix'), [BARE]: bareLocks },
    parts: ['free', 'handed'],
    reference: BARE,
    targets: [
      { row: HOLDFAST, column: 'free50', against: BARE, bound: 'at most', limit: 1.5 },
      { row: HOLDFAST, column: 'handed50', against: BARE, bound: 'at most', limit: 1.5 },
    ],
  }),
  lockSuite({
    name: 'locks-beside-etcd',
    title: 'What does a lock cost, next to etcd?',
    description:
      `over TCP on loopback, every grant synced. ${METHOD}; **${CROWD}**: as many clients at once, each with a lock of its own, ` +
      'or all in line for one',
    peers: { [HOLDFAST]: holdfastLocks('tcp'), [ETCD]: etcdLocks },
    parts: ['free', 'handed', 'crowdFree', 'crowdHanded'],
    reference: ETCD,
    targets: Object.keys(TITLES).flatMap((part) =>
      [50, 99].map(
        (percent): BenchmarkTarget => ({
          row: HOLDFAST,
          column: `${part}${percent}`,
          against: ETCD,
          bound: 'at most',
          limit: 1,
        }),
      ),
    ),
  }),
];

interface LockSuiteOptions {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly peers: Readonly<Record<string, LockPeer>>;
  readonly parts: readonly Part[];
  readonly reference: string;
  readonly targets: readonly BenchmarkTarget[];
}

function lockSuite({ peers, parts, ...table }: LockSuiteOptions): Suite {
  return {
    name: table.name,
    needsPeers: false,
    contestants: [],
    async run({ rounds, log }) {
      const samples = new Map<string, Record<string, number[]>>();
      const failures = new Map<string, string>();
      for (let round = 0; round < rounds; round++) {
        const measured = await measureInTurns(peers, parts, TURNS, (name, { message }) => {
          failures.set(name, message);
          log(`${table.name}: ${name} left out: ${message}`);
        });
        for (const [name, latencies] of measured) {
          const figures = figuresOf(latencies, parts);
          const own = samples.get(name) ?? {};
          samples.set(name, own);
          for (const [key, figure] of Object.entries(figures)) {
            own[key] = [...(own[key] ?? []), figure];
          }
          const line = Object.entries(figures).map(([key, us]) => `${key} ${renderNumber(us)}`);
          log(`${table.name} ${round + 1}/${rounds} ${name}: ${line.join(', ')}`);
        }
      }
      const rows = Object.entries(peers).map(([name, { note }]): BenchmarkRow => {
        const failure = failures.get(name);
        return failure === undefined
          ? { name, note, samples: samples.get(name) ?? {} }
          : { name, note, samples: {}, failure };
      });
      const columns = parts.flatMap((part): BenchmarkColumn[] => [
        { key: `${part}50`, title: TITLES[part], unit: 'µs', compared: true },
        { key: `${part}99`, title: `${TITLES[part]}, p99`, unit: 'µs', compared: true },
      ]);
      const panels = parts.map((part) => ({
        title: TITLES[part],
        unit: 'µs',
        scale: 'log' as const,
        columns: [`${part}50`, `${part}99`],
      }));
      return { ...table, columns, rows, panels, rounds };
    },
  };
}

function figuresOf(
  latencies: Readonly<Record<Part, Latencies>>,
  parts: readonly Part[],
): Record<string, number> {
  const figures = parts.flatMap((part) =>
    [50, 99].map((percent) => [`${part}${percent}`, latencies[part].microseconds(percent)]),
  );
  return Object.fromEntries(figures);
}
