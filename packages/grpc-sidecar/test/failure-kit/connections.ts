/** Connections that end though both sides are well, and what a lock runs: failures 35 and 36. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client, ServerLease } from '@holdfast/client';
import { isRunning, LOOK_FOR_STUBBORN, LockedCommands, STUBBORN } from '../locked-commands.ts';
import { AgingProxy } from './aging-proxy.ts';
import { type Bench, sleep, until, waitersOf } from './bench.ts';
import type { Scenario } from './scenario.ts';

const HOLD = 'echo 1 > held; while [ ! -e done ]; do sleep 0.02; done';

async function connectionsEnd(bench: Bench): Promise<void> {
  const [cut, aging] = [await bench.proxy(), await agingProxy(bench, 150)];
  const watcher = await bench.client('watcher');
  const held = await Promise.all([
    acquire(bench, cut.address, 'cut'),
    acquire(bench, aging.address, 'aging'),
  ]);
  const waiting = held.map(({ client, lock }) => client.locks.acquire(`${lock}-next`));
  for (let times = 0; times < 3; times++) {
    await sleep(150);
    cut.cut();
  }
  await until('connections have aged', () => aging.streams >= 6);
  for (const [index, { lease, lock, token, blocker }] of held.entries()) {
    await lease.renew();
    lease.assertHeld();
    const { held: now } = await watcher.locks.query({ prefix: lock });
    assert.equal(now.find(({ name }) => name === lock)?.token, token);
    await until('the place in line is kept', async () => {
      return (await waitersOf(watcher, `${lock}-next`)).length === 1;
    });
    await blocker.release();
    await waiting[index];
  }
}

async function agingProxy(bench: Bench, ageMs: number): Promise<AgingProxy> {
  const proxy = await new AgingProxy(bench.address, ageMs).start();
  bench.defer(() => proxy.close());
  return proxy;
}

interface Held {
  readonly client: Client;
  readonly lease: ServerLease;
  readonly lock: string;
  readonly token: bigint;
  /** What keeps the lock that is waited for. */
  readonly blocker: ServerLease;
}

async function acquire(bench: Bench, address: string, name: string): Promise<Held> {
  const lock = `${bench.lock}-${name}`;
  const other = await bench.client('other');
  const blocker = await other.locks.acquire(`${lock}-next`);
  const client = await bench.client(name, { address });
  const lease = await client.locks.acquire(lock, { ttl: '5s' });
  return { client, lease, lock, token: lease.token, blocker };
}

async function commandsCutOff(bench: Bench): Promise<void> {
  const folder = await bench.folder();
  const proxy = await bench.proxy();
  const commands = commandsOf(bench, folder, proxy.address);
  const first = commands.lock(['--ttl', '2s', '--kill-grace', '200ms'], STUBBORN);
  const ids = await commands.stubborn();
  // Started as soon as the server counts the first one's lease as over.
  const direct = commandsOf(bench, folder, bench.address);
  const second = direct.lock([], LOOK_FOR_STUBBORN);
  const watcher = await bench.client('watcher');
  await until('the next one waits', async () => {
    return (await waitersOf(watcher, bench.lock)).length === 1;
  });
  proxy.silence();
  assert.equal((await second.ended).code, 0);
  assert.equal(await direct.written('seen'), 'gone\ngone');
  assert.deepEqual(ids.map(isRunning), [false, false]);
  assert.equal((await first.ended).code, 121, 'its end is not told from a failure');
}

async function commandsEnd(bench: Bench): Promise<void> {
  const folder = await bench.folder();
  const commands = commandsOf(bench, folder, bench.address);
  assert.equal((await commands.lock([], 'exit 7').ended).code, 7);
  const trap = `trap 'echo TERM > heard; exit 5' TERM; ${HOLD}`;
  const signalled = commands.lock([], trap);
  await commands.written('held');
  signalled.process.kill('SIGTERM');
  assert.equal((await signalled.ended).code, 5);
  assert.equal(await commands.written('heard'), 'TERM');
  writeFileSync(join(folder, 'done'), '');
}

function commandsOf(bench: Bench, folder: string, address: string): LockedCommands {
  const commands = new LockedCommands(folder, { HOLDFAST_ADDRESS: address }, bench.lock);
  bench.defer(() => commands.endAll());
  return commands;
}

export const CONNECTION_FAILURES: readonly Scenario[] = [
  {
    number: 35,
    name: 'connection age, idle cut, GOAWAY: reattach',
    run: connectionsEnd,
  },
  {
    number: 36,
    name: "lock NAME -- cmd: the child's process group is gone before the lease's deadline, exit codes tell lost from failed, signals are forwarded",
    run: async (bench) => {
      await commandsCutOff(bench);
      await commandsEnd(bench);
    },
  },
];
