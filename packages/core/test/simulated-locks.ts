/**
 * The locks of a directory on a simulated machine, which may be killed or lose power: what opens
 * next finds what has survived, and knows which boot of the machine it is in.
 */
import type { LockEvent, LockSession } from '../src/backend/lock-backend.ts';
import type { EncryptionSettings } from '../src/engine/keyring.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import type { EmbeddedLockBackend } from '../src/locks/embedded-lock-backend.ts';
import { EXCLUSIVE } from '../src/locks/lock-terms.ts';
import { openLocks } from '../src/locks/open-locks.ts';
import { tokensAfter } from '../src/locks/token-source.ts';
import { type SimulatedRuntime, simulatedRuntime } from '../src/testing/index.ts';

export const DIRECTORY = '/locks';

export interface Stream {
  readonly session: LockSession;
  readonly events: LockEvent[];
}

export class SimulatedLocks {
  machine: SimulatedRuntime = simulatedRuntime({ seed: 5 });
  /** Of the next openings. */
  encryption: EncryptionSettings | undefined;
  #backend: EmbeddedLockBackend | undefined;
  #openings = 0;
  #boots = 1;
  /** The machine's own time when this process's clock stood at 0. */
  #upBaseMs = 0;

  static async start(encryption?: EncryptionSettings): Promise<SimulatedLocks> {
    const locks = new SimulatedLocks();
    locks.encryption = encryption;
    await locks.machine.fileSystem.createDirectory(DIRECTORY);
    await locks.#open();
    return locks;
  }

  get backend(): EmbeddedLockBackend {
    if (this.#backend === undefined) throw new Error('not open');
    return this.#backend;
  }

  /** Tokens of the n-th opening begin behind n thousand. */
  async #open(): Promise<void> {
    const { clock } = this.machine;
    const id = `boot ${this.#boots}`;
    const base = this.#upBaseMs;
    const readBootTime = async () => ({ id, uptimeMs: base + clock.monotonicMs() });
    const tokens = tokensAfter(++this.#openings * 1_000);
    const { encryption } = this;
    const options = { directory: DIRECTORY, tokens, encryption, onError: () => {} };
    this.#backend = await openLocks({ ...this.machine, readBootTime }, options);
    await clock.settle();
  }

  async restart(kind: 'process' | 'power', downMs: number): Promise<void> {
    const upMs = this.#upBaseMs + this.machine.clock.monotonicMs();
    this.machine = this.machine.crash(kind);
    if (kind === 'power') this.#boots += 1;
    this.#upBaseMs = kind === 'power' ? 0 : upMs + downMs;
    await this.#open();
  }

  session(clientName: string, ttlMs: number, resume?: LockSession): Stream {
    const events: LockEvent[] = [];
    const options = { clientName, metadata: {}, ttlMs, resume };
    return { session: this.backend.openSession(options, (event) => events.push(event)), events };
  }

  /** Asks for the lock `x`, and waits for what comes of it at once. */
  async ask({ session }: Stream, lockDelayMs = 0): Promise<void> {
    const terms = { ...EXCLUSIVE, lockDelayMs };
    session.acquire({ requestId: '1', name: 'x', waitMs: NEVER, terms });
    await this.machine.clock.settle();
  }
}
