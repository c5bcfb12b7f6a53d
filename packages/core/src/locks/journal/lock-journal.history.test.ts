/**
 * Goal: what clients are told of leases stays true whatever happens to the server: no two of them
 * hold what excludes the other, tokens rise, a client that comes back in time has its leases and
 * its place in line.
 * Method: seeded histories on a simulated machine: clients ask, renew, release and leave, and the
 * server's own program takes locks too; the server is killed, the machine loses power and starts
 * again, writes and syncs fail, the wall clock jumps. Each client counts as the real one does: its
 * deadline is when it sent the keep-alive that was acknowledged, plus the TTL.
 */

import { describe, expect, it } from 'vitest';
import { encryptionWith } from '../../../test/simulated-encryption.ts';
import type { LockEvent, LockSession, LockTerms } from '../../backend/lock-backend.ts';
import type { EncryptionSettings } from '../../engine/keyring.ts';
import { HoldfastError } from '../../errors.ts';
import { NEVER } from '../../expiry/expiry.ts';
import { SeededRandom, type SimulatedRuntime, simulatedRuntime } from '../../testing/index.ts';
import type { EmbeddedLockBackend } from '../embedded-lock-backend.ts';
import { EXCLUSIVE } from '../lock-terms.ts';
import { openLocks } from '../open-locks.ts';

const DIRECTORY = '/locks';
const NAMES = ['x', 'y'];
const SEEDS = Number(process.env.HOLDFAST_LOCK_SEEDS ?? 1_000);
const STEPS = 60;
const SHARED: LockTerms = { ...EXCLUSIVE, mode: 'shared' };

/** In line before others that were told so, because a crash swallowed the telling. */
const UNKNOWN_PLACE = -1;

interface ToldLease {
  readonly name: string;
  readonly token: bigint;
  readonly terms: LockTerms;
}

class Client {
  readonly number: number;
  readonly ttlMs: number;
  session: LockSession | undefined;
  id = '';
  secret = '';
  /** In true time; before it the client takes its leases for held. */
  deadlineMs = 0;
  readonly asked = new Map<string, { readonly name: string; readonly terms: LockTerms }>();
  readonly held = new Map<bigint, ToldLease>();
  readonly queued = new Map<string, number>();

  constructor(number: number, ttlMs: number) {
    this.number = number;
    this.ttlMs = ttlMs;
  }

  forget(): void {
    this.session = undefined;
    this.id = '';
    this.asked.clear();
    this.held.clear();
    this.queued.clear();
  }
}

class World {
  readonly #encryption: EncryptionSettings | undefined;
  readonly #random: SeededRandom;
  #machine: SimulatedRuntime;
  #backend: EmbeddedLockBackend | undefined;
  #clients: Client[] = [];
  #boots = 1;
  #openings = 0;
  /** True time, and the machine's own, when this process's clock stood at 0. */
  #trueBaseMs = 0;
  #upBaseMs = 0;
  #lastToken = 0n;
  /** The latest grant of each lock that anybody was told of. */
  readonly #latest = new Map<string, ToldLease>();
  #requests = 0;
  #line = 0;
  grants = 0;

  constructor(seed: number) {
    this.#encryption = seed % 4 === 0 ? encryptionWith('a') : undefined;
    this.#random = new SeededRandom(seed);
    this.#machine = simulatedRuntime({ seed });
  }

  get #nowMs(): number {
    return this.#trueBaseMs + this.#machine.clock.monotonicMs();
  }

  async play(steps: number): Promise<void> {
    await this.#machine.fileSystem.createDirectory(DIRECTORY);
    await this.#start();
    for (let step = 0; step < steps; step++) await this.#step();
    this.#machine.disk.clearFaults();
    await this.#machine.clock.advance(2_000);
    await this.#backend?.close();
  }

  async #step(): Promise<void> {
    const random = this.#random;
    const kind = random.below(100);
    const client = this.#clients[random.below(Math.max(this.#clients.length, 1))];
    if (kind < 12) await this.#machine.clock.advance(random.below(400));
    else if (kind < 20 || client === undefined) this.#open();
    else if (kind < 45) this.#ask(client);
    else if (kind < 60) this.#keepAlive(client);
    else if (kind < 72) this.#release(client);
    else if (kind < 78) this.#cancel(client);
    else if (kind < 82) this.#reattach(client);
    else if (kind < 84) this.#goodbye(client);
    else if (kind < 86) this.#takeLocally();
    else if (kind < 88) this.#machine.clock.setWallMs(1_600_000_000_000 + random.below(1e9));
    else if (kind < 92) this.#fail();
    else if (kind < 97) await this.#restart('process');
    else await this.#restart('power');
    if (random.chance(0.8)) await this.#machine.clock.settle();
  }

  async #start(): Promise<void> {
    const bootId = `boot ${this.#boots}`;
    const upBaseMs = this.#upBaseMs;
    const { clock } = this.#machine;
    const runtime = {
      ...this.#machine,
      readBootTime: async () => ({ id: bootId, uptimeMs: upBaseMs + clock.monotonicMs() }),
    };
    let token = BigInt(++this.#openings) << 22n;
    const tokens = { next: () => ++token };
    const encryption = this.#encryption;
    for (;;) {
      try {
        const options = { directory: DIRECTORY, tokens, encryption, onError: () => {} };
        this.#backend = await openLocks(runtime, options);
        return;
      } catch {
        // A read that failed: whoever starts servers starts it again.
        this.#machine.disk.clearFaults();
      }
    }
  }

  async #restart(kind: 'process' | 'power'): Promise<void> {
    const nowMs = this.#nowMs;
    const upMs = this.#upBaseMs + this.#machine.clock.monotonicMs();
    this.#machine.disk.clearFaults();
    this.#machine = this.#machine.crash(kind);
    const downMs = this.#random.chance(0.7) ? this.#random.below(50) : this.#random.below(2_000);
    this.#trueBaseMs = nowMs + downMs;
    this.#upBaseMs = kind === 'process' ? upMs + downMs : 0;
    if (kind === 'power') {
      this.#boots += 1;
      for (const client of this.#clients) client.queued.clear();
    }
    for (const client of this.#clients) client.session = undefined;
    await this.#start();
    await this.#machine.clock.settle();
    await this.#checkHolders();
    const places = new Map<string, number>();
    for (const client of this.#clients) {
      for (const [requestId, place] of client.queued) {
        if (place !== UNKNOWN_PLACE) places.set(requestId, place);
      }
    }
    for (const client of this.#clients) if (this.#random.chance(0.8)) this.#reattach(client);
    this.#checkLine(places);
  }

  #fail(): void {
    const kind = this.#random.chance(0.5) ? 'write' : 'datasync';
    const times = this.#random.chance(0.7) ? 1 : 3;
    this.#machine.disk.fail({ code: this.#random.chance(0.5) ? 'EIO' : 'ENOSPC', kind, times });
  }

  #open(): void {
    if (this.#clients.length >= 5) return;
    const client = new Client(this.#clients.length, 200 + this.#random.below(800));
    this.#clients.push(client);
    this.#connect(client, undefined);
  }

  #connect(client: Client, resume: { id: string; secret: string } | undefined): void {
    const { ttlMs } = client;
    const options = { clientName: `${client.number}`, metadata: {}, ttlMs, resume };
    const sentMs = this.#nowMs;
    const session = this.#backend?.openSession(options, (event) => this.#hear(client, event));
    check(session !== undefined, 'no backend');
    client.session = session;
    client.id = session.id;
    client.secret = session.secret;
    if (resume === undefined) {
      client.deadlineMs = sentMs + ttlMs;
      return;
    }
    // What it had is there; what it was never told of, it gives back.
    for (const { token, name } of client.held.values()) {
      const found = session.held.find((lease) => lease.token === token && lease.name === name);
      check(found !== undefined, `a told lease is gone token=${token}`);
    }
    for (const { token, requestId, name } of session.held) {
      const latest = this.#latest.get(name);
      const isShared = client.asked.get(requestId)?.terms.mode === 'shared';
      const isOverruled = latest !== undefined && latest.token > token;
      check(
        !isOverruled || (isShared && latest.terms.mode === 'shared'),
        `a lease is back beside a newer one: tokens ${token} and ${latest?.token}`,
      );
      if (!client.held.has(token)) this.#granted(client, requestId, name, token);
    }
    for (const requestId of client.queued.keys()) {
      const isThere = session.queued.some((request) => request.requestId === requestId);
      if (!isThere) client.queued.delete(requestId);
    }
    for (const { requestId } of session.queued) {
      if (!client.queued.has(requestId)) client.queued.set(requestId, UNKNOWN_PLACE);
    }
  }

  #reattach(client: Client): void {
    if (client.session !== undefined || client.id === '') return;
    try {
      this.#connect(client, { id: client.id, secret: client.secret });
    } catch (error) {
      check(error instanceof HoldfastError && error.code === 'LEASE_LOST', `${error}`);
      // Nothing was promised for longer than the client's own deadline.
      check(
        this.#nowMs >= client.deadlineMs || client.held.size === 0,
        'a session is gone before its deadline',
      );
      client.forget();
      this.#connect(client, undefined);
    }
  }

  #ask(client: Client): void {
    const { session } = client;
    if (session === undefined) return;
    const requestId = `r${this.#requests++}`;
    const name = NAMES[this.#random.below(NAMES.length)] as string;
    const lockDelayMs = this.#random.chance(0.1) ? this.#random.below(300) : 0;
    const terms = { ...(this.#random.chance(0.3) ? SHARED : EXCLUSIVE), lockDelayMs };
    const waitMs = this.#random.chance(0.2) ? 0 : NEVER;
    client.asked.set(requestId, { name, terms });
    attempt(() => session.acquire({ requestId, name, waitMs, terms }));
  }

  #keepAlive(client: Client): void {
    const { session } = client;
    const sentMs = this.#nowMs;
    session?.keepAlive().then(
      (ttlMs) => {
        if (client.session !== session) return;
        client.deadlineMs = Math.max(client.deadlineMs, sentMs + ttlMs);
      },
      () => {},
    );
  }

  #release(client: Client): void {
    const [lease] = client.held.values();
    const { session } = client;
    if (lease === undefined || session === undefined) return;
    client.held.delete(lease.token);
    attempt(() => session.release(String(lease.token), lease.token));
  }

  #cancel(client: Client): void {
    const [requestId] = client.queued.keys();
    const { session } = client;
    if (requestId === undefined || session === undefined) return;
    attempt(() => session.cancel(requestId));
  }

  #goodbye(client: Client): void {
    const { session } = client;
    if (session === undefined) return;
    client.forget();
    session.close();
    this.#connect(client, undefined);
  }

  #hear(client: Client, event: LockEvent): void {
    switch (event.kind) {
      case 'granted':
        check(event.token > this.#lastToken, 'a token did not rise');
        this.#lastToken = event.token;
        this.#granted(client, event.requestId, event.name, event.token);
        break;
      case 'queued':
        if (!client.queued.has(event.requestId)) client.queued.set(event.requestId, this.#line++);
        break;
      case 'contended':
      case 'denied':
        client.queued.delete(event.requestId);
        break;
      case 'lost':
        client.held.delete(event.token);
        break;
      case 'session-expired':
        client.forget();
        this.#connect(client, undefined);
        break;
    }
  }

  /** A lock of the server's own program, given back at once, or held until the program ends. */
  #takeLocally(): void {
    const name = NAMES[this.#random.below(NAMES.length)] as string;
    const isKept = this.#random.chance(0.2);
    const request = { name, displayName: name, ttlMs: NEVER, signal: undefined };
    const machine = this.#machine;
    this.#backend?.local.tryAcquireKept(request).then(
      (lease) => {
        if (lease === undefined || machine !== this.#machine) return;
        this.#told({ name, token: lease.token, terms: EXCLUSIVE });
        if (!isKept) void lease.release();
      },
      () => {},
    );
  }

  /** A new grant: nobody holds what it excludes, and it is the newest. */
  #told(lease: ToldLease, owner?: Client): void {
    const { name, token, terms } = lease;
    for (const other of this.#clients) {
      if (other === owner || other.deadlineMs <= this.#nowMs) continue;
      for (const held of other.held.values()) {
        if (held.name !== name) continue;
        const isShared = held.terms.mode === 'shared' && terms.mode === 'shared';
        check(isShared, `two hold ${name}: tokens ${held.token} and ${token}`);
      }
    }
    const latest = this.#latest.get(name);
    if (latest === undefined || latest.token < token) this.#latest.set(name, lease);
  }

  #granted(client: Client, requestId: string, name: string, token: bigint): void {
    this.grants += 1;
    client.queued.delete(requestId);
    const asked = client.asked.get(requestId);
    check(asked !== undefined && asked.name === name, 'a grant of what was not asked for');
    const { terms } = asked;
    this.#told({ name, token, terms }, client);
    client.held.set(token, { name, token, terms });
  }

  /** Who was told to be in line is so still, in that order. */
  #checkLine(told: ReadonlyMap<string, number>): void {
    for (const name of NAMES) {
      const places = this.#clients
        .flatMap(({ session }) => session?.queued ?? [])
        .filter((request) => request.name === name)
        .sort((left, right) => left.position - right.position)
        .flatMap(({ requestId }) => told.get(requestId) ?? []);
      const isInOrder = places.every((place, index) => place >= (places[index - 1] ?? 0));
      check(isInOrder, `another order in line for ${name}: ${places}`);
    }
  }

  async #checkHolders(): Promise<void> {
    const { held } = (await this.#backend?.query()) ?? { held: [] };
    const exclusive = held.filter(({ mode }) => mode === 'exclusive').map(({ name }) => name);
    check(new Set(exclusive).size === exclusive.length, 'two restored holders of one lock');
  }
}

/** A call on a session that may be over by now. */
function attempt(call: () => void): void {
  try {
    call();
  } catch (error) {
    check(error instanceof HoldfastError, `${error}`);
  }
}

function check(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

describe('histories with crashes', () => {
  it(`keep what was told, ${SEEDS} seeds of ${STEPS} steps`, async () => {
    let grants = 0;
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = new World(seed);
      try {
        await world.play(STEPS);
      } catch (error) {
        throw new Error(`SEED=${seed}`, { cause: error });
      }
      grants += world.grants;
    }
    expect(grants).toBeGreaterThan(SEEDS);
  }, 120_000);
});
