import { closeSync, fdatasync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { HoldfastSession, openClient, startSidecar } from '../locks/holdfast-locks.ts';
import type { HeldLock } from '../locks/lock-peer.ts';
import { HOLDFAST } from '../peers/contestant.ts';
import type { Measurement, MeasurementOrder, Question } from '../question.ts';
import { Latencies, sleep } from '../timing.ts';

const SESSIONS = 1_000;
const LEASES = 10_000;
const WAITERS = 10_000;
const CONNECTIONS = 10;
/** The client's default, and how often it renews. */
const TTL_MS = 15_000;
const KEEP_ALIVE_MS = TTL_MS / 3;
const KEEP_ALIVE_ROUNDS = 2;
const HAND_OVERS = 300;
/** Linux counts a process's time in hundredths of a second, whatever its own clock does. */
const TICKS_PER_SECOND = 100;

export const tenThousandLocks: Question = {
  name: 'ten-thousand-locks',
  title: 'What do ten thousand leases and ten thousand waiters cost?',
  description: () =>
    `one sidecar on a persistent store. ${SESSIONS.toLocaleString('en')} sessions on ${CONNECTIONS} connections hold ` +
    `${LEASES.toLocaleString('en')} leases and wait ${WAITERS.toLocaleString('en')} times for one more lock, all renewed every ` +
    `${KEEP_ALIVE_MS / 1_000} s. **CPU**: of the server while nothing but renewals happens, in percent of one core. **told at a release**: grants, ` +
    `at most, over ${HAND_OVERS} releases of the lock that all wait for. **handed over**: from a release to the grant, while renewals go on; **a sync**: a write and an fdatasync by the client in between, for comparison`,
  needsPeers: false,
  contestants: [HOLDFAST],
  columns: [
    { key: 'residentMegabytes', title: 'RSS', unit: 'MB', compared: false },
    { key: 'cpuPercent', title: 'CPU', unit: '%', compared: false },
    { key: 'grantsMost', title: 'told at a release', unit: 'grants', compared: false },
    { key: 'handed50', title: 'handed over', unit: 'ms', compared: false },
    { key: 'handed99', title: 'handed over, p99', unit: 'ms', compared: false },
    { key: 'sync99', title: 'a sync, p99', unit: 'ms', compared: false },
  ],
  reference: HOLDFAST,
  targets: [
    { row: HOLDFAST, column: 'residentMegabytes', bound: 'at most', limit: 200 },
    { row: HOLDFAST, column: 'cpuPercent', bound: 'at most', limit: 20 },
    { row: HOLDFAST, column: 'grantsMost', bound: 'at most', limit: 1 },
    {
      row: HOLDFAST,
      column: 'handed99',
      bound: 'at most',
      limit: 20,
      onlyIf: { row: HOLDFAST, column: 'sync99', atMost: 10 },
    },
  ],
  panels: [],
  measure,
};

async function measure({ directory }: MeasurementOrder): Promise<Measurement> {
  const { server, addresses } = await startSidecar(directory);
  const clients = Array.from({ length: CONNECTIONS }, () => openClient(addresses[1]!));
  try {
    const sessions = await Promise.all(
      Array.from({ length: SESSIONS }, (_, index) =>
        HoldfastSession.open(clients[index % CONNECTIONS]!, TTL_MS / 1_000),
      ),
    );
    const stop = keepAlive(sessions);
    const first = await sessions[0]!.acquire('crowd');
    await holdAll(sessions);
    const line = new Line(sessions);
    await settled(sessions);
    const processId = server.process.pid!;
    const cpuStart = cpuSeconds(processId);
    const startMs = performance.now();
    await sleep(KEEP_ALIVE_ROUNDS * KEEP_ALIVE_MS);
    const cpuPercent =
      (100_000 * (cpuSeconds(processId) - cpuStart)) / (performance.now() - startMs);
    const { latencies, syncs, grantsMost } = await handOver(first, line, directory);
    const residentMegabytes = residentBytes(processId) / 1e6;
    stop();
    return {
      note: 'the whole server; the clients have a process of their own',
      figures: {
        residentMegabytes,
        cpuPercent,
        grantsMost,
        handed50: latencies.microseconds(50) / 1_000,
        handed99: latencies.microseconds(99) / 1_000,
        sync99: syncs.microseconds(99) / 1_000,
      },
    };
  } finally {
    for (const client of clients) client.close();
    await server.stop();
  }
}

/** Sessions renew at times of their own, as those of many programs do. */
function keepAlive(sessions: readonly HoldfastSession[]): () => void {
  let next = 0;
  const perTick = Math.ceil((sessions.length * 10) / KEEP_ALIVE_MS);
  const timer = setInterval(() => {
    for (let count = 0; count < perTick; count++) {
      sessions[next % sessions.length]!.keepAlive(next + 1);
      next++;
    }
  }, 10);
  return () => clearInterval(timer);
}

async function holdAll(sessions: readonly HoldfastSession[]): Promise<void> {
  for (let lease = 0; lease < LEASES / SESSIONS; lease++) {
    await Promise.all(sessions.map((session, index) => session.acquire(`held-${index}-${lease}`)));
  }
}

/** Everybody in line for one lock; in which order requests arrive is for the server to say. */
class Line {
  /** Grants that were told. */
  grants = 0;
  #onGrant: (lock: HeldLock) => void = () => {};

  constructor(sessions: readonly HoldfastSession[]) {
    for (let index = 0; index < WAITERS; index++) {
      void sessions[index % SESSIONS]!.acquire('crowd').then((lock) => {
        this.grants++;
        this.#onGrant(lock);
      });
    }
  }

  /** The next grant there is. */
  next(): Promise<HeldLock> {
    return new Promise((resolve) => {
      this.#onGrant = resolve;
    });
  }
}

/** Until the server has read everything that was said. */
async function settled(sessions: readonly HoldfastSession[]): Promise<void> {
  for (const session of sessions) {
    const lock = await session.acquire('last');
    await lock.release();
  }
}

async function handOver(
  first: HeldLock,
  line: Line,
  directory: string,
): Promise<{ latencies: Latencies; syncs: Latencies; grantsMost: number }> {
  const latencies = new Latencies();
  const syncs = new Latencies();
  const file = openSync(join(directory, 'sync'), 'w');
  let held = first;
  let grantsMost = 0;
  for (let round = 0; round < HAND_OVERS; round++) {
    const before = line.grants;
    const next = line.next();
    const startMs = performance.now();
    const released = held.release();
    held = await next;
    latencies.record(startMs, performance.now());
    await released;
    const syncStartMs = performance.now();
    writeSync(file, 'synced');
    await promisify(fdatasync)(file);
    syncs.record(syncStartMs, performance.now());
    // For a grant too many to arrive, if there were one.
    await sleep(10);
    grantsMost = Math.max(grantsMost, line.grants - before);
  }
  closeSync(file);
  return { latencies, syncs, grantsMost };
}

function cpuSeconds(processId: number): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  // The name in brackets may hold spaces; user and system time are the 14th and 15th fields.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function residentBytes(processId: number): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
