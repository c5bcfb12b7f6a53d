/** What one scenario works with, and gives back when it is over, however it ends. */
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, type ConnectOptions, connect } from '@holdfast/client';
import { CuttableProxy } from '../../../client/test/cuttable-proxy.ts';
import { serve, stop } from '../command-process.ts';
import { TestClient } from '../test-client.ts';
import { Holder } from './holder.ts';
import { RawSession } from './raw-session.ts';

export class Bench {
  /** Of the server that there is already; a scenario with its own server has no use for it. */
  readonly address: string;
  /** A lock nobody else uses. */
  readonly lock: string = `failure-kit-${randomUUID()}`;
  readonly #cleanups: (() => unknown)[] = [];

  constructor(address: string) {
    this.address = address;
  }

  /** Runs when the scenario is over; the latest first. */
  defer(cleanup: () => unknown): void {
    this.#cleanups.push(cleanup);
  }

  async dispose(): Promise<void> {
    for (const cleanup of this.#cleanups.splice(0).reverse()) await cleanup();
  }

  async client(name: string, options: ConnectOptions & { address?: string } = {}): Promise<Client> {
    const { address = this.address, ...rest } = options;
    const client = await connect(address, { clientName: name, reconnectDelayMax: 50, ...rest });
    this.defer(() => client.close());
    return client;
  }

  raw(address: string = this.address): TestClient {
    const client = new TestClient(address);
    this.defer(() => client.close());
    return client;
  }

  /** A session by messages: nothing is renewed unless the scenario says so. */
  async session(client: TestClient, ttlMs = 30_000): Promise<RawSession> {
    const session = await RawSession.open(client, { ttlMs });
    this.defer(() => session.leave());
    return session;
  }

  async proxy(address: string = this.address): Promise<CuttableProxy> {
    const proxy = await new CuttableProxy(address).start();
    this.defer(() => proxy.close());
    return proxy;
  }

  /** A holder in a process of its own, once it has the lock. */
  async holder(ttlMs: number): Promise<Holder> {
    const holder = new Holder(this.address, this.lock, ttlMs);
    this.defer(() => holder.kill());
    await holder.next('granted');
    return holder;
  }

  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-kit-'));
    this.defer(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }

  /** A server in a process of its own on a store of its own. */
  async ownServer(options: readonly string[] = []): Promise<OwnServer> {
    const server = new OwnServer(await this.folder(), options);
    this.defer(() => server.kill());
    await server.start();
    return server;
  }
}

/** A server that can be killed and started again, under the same address. */
export class OwnServer {
  readonly directory: string;
  readonly address: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;

  constructor(folder: string, options: readonly string[]) {
    this.directory = join(folder, 'store');
    const socket = join(folder, 'holdfast.sock');
    this.address = `unix:${socket}`;
    this.#options = ['serve', '--json', '--directory', this.directory, '--socket', socket];
    this.#options = [...this.#options, ...options];
  }

  async start(): Promise<void> {
    const { process } = await serve([...this.#options]);
    this.#process = process;
  }

  async kill(): Promise<void> {
    await this.stop('SIGKILL');
  }

  /** Its exit code, `null` for a kill; `undefined` if it does not run. */
  async stop(signal: NodeJS.Signals): Promise<number | null | undefined> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined) return undefined;
    if (running.exitCode !== null || running.signalCode !== null) return running.exitCode;
    return (await stop(running, signal)).code;
  }
}

const UNTIL_MS = 30_000;

/** Waits for it, and fails if it takes 30 s. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + UNTIL_MS;
  while (!(await condition())) {
    assert.ok(performance.now() < endMs, `it never came to this: ${what}`);
    await sleep(5);
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function abortOf(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export function assertRising(tokens: readonly (bigint | string)[]): void {
  for (let index = 1; index < tokens.length; index++) {
    const [before, after] = [tokens[index - 1]!, tokens[index]!];
    assert.ok(BigInt(before) < BigInt(after), `token ${after} was granted after ${before}`);
  }
}

/** What a resource that cannot keep count is told of a token. */
export async function isValid(client: TestClient, name: string, token: bigint | string) {
  const request = { name, token: String(token) };
  const { valid } = await client.call<{ valid: boolean }>('locks', 'validateToken', request);
  return valid;
}

/** Names of clients, the first in line first. */
export async function waitersOf({ locks }: Client, name: string): Promise<string[]> {
  return (await locks.query({ prefix: name })).waiting.map(({ clientName }) => clientName);
}
