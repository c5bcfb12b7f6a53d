/**
 * Measures lock services in turns: each does a fraction of a second of the same work, again and
 * again, so that whatever else the machine does hits all of them alike. Their servers are processes
 * of their own, and idle when it is not their turn.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Latencies, sleep } from '../timing.ts';
import type { LockPeer, LockServer, LockSession } from './lock-peer.ts';

export const CROWD = 64;
/**
 * Before a release, for the next one to be in line for certain: etcd looks for those who wait
 * behind a revision every 100 ms, and tells the others at once.
 */
const IN_LINE_MS = 120;
/** Locks that are handed over and back, each with two clients. */
const PAIRS = 4;

export interface Turns {
  readonly count: number;
  readonly ms: number;
}

/** What is timed, from one moment to another, until the turn is over. */
const PARTS = {
  free: (sessions: Sessions, latencies: Latencies, endMs: number) =>
    takeFree(sessions.slice(0, 1), latencies, endMs),
  handed: handOver,
  crowdFree: takeFree,
  crowdHanded: standInLine,
} as const;

export type Part = keyof typeof PARTS;

type Sessions = readonly LockSession[];

interface Running {
  readonly server: LockServer;
  readonly sessions: Sessions;
  readonly latencies: Readonly<Record<Part, Latencies>>;
}

/** Of each peer, for each part, the latencies of one round. */
export async function measureInTurns(
  peers: Readonly<Record<string, LockPeer>>,
  parts: readonly Part[],
  turns: Turns,
  onFailure: (name: string, error: Error) => void,
): Promise<ReadonlyMap<string, Readonly<Record<Part, Latencies>>>> {
  const directory = mkdtempSync(join(tmpdir(), 'holdfast-benchmark-'));
  const running = new Map<string, Running>();
  try {
    for (const [name, peer] of Object.entries(peers)) {
      const own = mkdtempSync(join(directory, 'peer-'));
      try {
        running.set(name, await start(peer, own));
      } catch (error) {
        onFailure(name, error as Error);
      }
    }
    for (const part of parts) {
      for (let turn = -1; turn < turns.count; turn++) {
        for (const { sessions, latencies } of running.values()) {
          // The first turn of each is for compilers and caches.
          const endMs = performance.now() + turns.ms;
          await PARTS[part](sessions, turn < 0 ? new Latencies() : latencies[part], endMs);
        }
      }
    }
    return new Map([...running].map(([name, { latencies }]) => [name, latencies]));
  } finally {
    for (const { server, sessions } of running.values()) {
      for (const session of sessions) session.close();
      await server.stop();
    }
    rmSync(directory, { recursive: true, force: true });
  }
}

async function start(peer: LockPeer, directory: string): Promise<Running> {
  const server = await peer.start(directory);
  const sessions = await Promise.all(Array.from({ length: CROWD }, () => server.open()));
  const latencies = {
    free: new Latencies(),
    handed: new Latencies(),
    crowdFree: new Latencies(),
    crowdHanded: new Latencies(),
  };
  return { server, sessions, latencies };
}

/** Each session takes a lock of its own, again and again. */
async function takeFree(sessions: Sessions, latencies: Latencies, endMs: number): Promise<void> {
  const loop = async (session: LockSession, index: number): Promise<void> => {
    while (performance.now() < endMs) {
      const startMs = performance.now();
      const lock = await session.acquire(`free-${index}`);
      latencies.record(startMs, performance.now());
      await lock.release();
    }
  };
  await Promise.all(sessions.map(loop));
}

/** Pairs of sessions hand a lock to and fro; each pair a little later than the one before. */
async function handOver(sessions: Sessions, latencies: Latencies, endMs: number): Promise<void> {
  const loop = async (pair: number): Promise<void> => {
    await sleep((pair * IN_LINE_MS) / PAIRS);
    const name = `handed-${pair}`;
    let [holder, next] = [sessions[2 * pair]!, sessions[2 * pair + 1]!];
    let held = await holder.acquire(name);
    while (performance.now() < endMs) {
      const granted = next.acquire(name);
      await sleep(IN_LINE_MS);
      const startMs = performance.now();
      const released = held.release();
      held = await granted;
      latencies.record(startMs, performance.now());
      await released;
      [holder, next] = [next, holder];
    }
    await held.release();
  };
  await Promise.all(Array.from({ length: PAIRS }, (_, pair) => loop(pair)));
}

/** All are in line for one lock; whoever has had it goes to the end of the line. */
async function standInLine(sessions: Sessions, latencies: Latencies, endMs: number): Promise<void> {
  let releasedAtMs: number | undefined;
  const loop = async (session: LockSession): Promise<void> => {
    while (performance.now() < endMs) {
      const held = await session.acquire('crowd');
      if (releasedAtMs !== undefined) latencies.record(releasedAtMs, performance.now());
      releasedAtMs = performance.now();
      await held.release();
    }
  };
  await Promise.all(sessions.map(loop));
}
