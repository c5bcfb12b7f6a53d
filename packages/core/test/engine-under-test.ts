/**
 * One opening of the engine on a simulated machine, with text as values, as the simulations drive
 * it. Tiny segments and limits, so that cleaning, eviction and reads from files happen within a few
 * dozen writes.
 */

import type { Durability } from '../src/backend/cache-backend.ts';
import { ShapeDictionary } from '../src/codec/shape-dictionary.ts';
import type { Engine } from '../src/engine/engine.ts';
import { decodeTextKey } from '../src/engine/key-encoder.ts';
import { openEngine } from '../src/engine/open-engine.ts';
import { valueEnd, valueStart } from '../src/engine/record.ts';
import type { EngineSettings } from '../src/engine/settings.ts';
import type { HoldfastError } from '../src/errors.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import type { SimulatedRuntime } from '../src/testing/index.ts';

export const DIRECTORY = '/store';

export const TINY: Omit<EngineSettings, 'onError'> = {
  directory: DIRECTORY,
  isPersistent: true,
  hashPrefixLength: 0,
  cleanupIntervalMs: 1_000,
  memoryBytesMax: 1 << 20,
  diskBytesMax: 1 << 20,
  valueBytesMax: 16 * 1024,
  durability: 'buffered',
  flushIntervalMs: 50,
  syncIntervalMs: 1_000,
  segmentBytes: 2048,
};

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export class EngineUnderTest {
  readonly engine: Engine;
  readonly errors: HoldfastError[];

  private constructor(engine: Engine, errors: HoldfastError[]) {
    this.engine = engine;
    this.errors = errors;
  }

  static async open(
    machine: SimulatedRuntime,
    settings: Partial<EngineSettings> = {},
  ): Promise<EngineUnderTest> {
    const errors: HoldfastError[] = [];
    const onError = (error: HoldfastError): void => void errors.push(error);
    const engine = await openEngine(
      machine,
      { ...TINY, onError, ...settings },
      new ShapeDictionary(),
    );
    return new EngineUnderTest(engine, errors);
  }

  /** Visible at once; the promise is for the durability. */
  set(
    key: string,
    value: string,
    expiresAtMs: number = NEVER,
    durability: Durability = 'buffered',
  ): Promise<void> {
    const bytes = encoder.encode(value);
    this.engine.keys.encode(key);
    this.engine.put(1, bytes, 0, bytes.length, expiresAtMs, this.engine.clock.nowMs());
    return this.engine.settle(durability);
  }

  delete(key: string, durability: Durability = 'buffered'): Promise<void> {
    this.engine.keys.encode(key);
    this.engine.remove();
    return this.engine.settle(durability);
  }

  /** `undefined` if there is no value to touch. */
  touch(
    key: string,
    expiresAtMs: number,
    durability: Durability = 'buffered',
  ): Promise<void> | undefined {
    this.engine.keys.encode(key);
    if (!this.engine.find()) return undefined;
    this.engine.putAgain(expiresAtMs);
    return this.engine.settle(durability);
  }

  get(key: string): string | undefined {
    this.engine.keys.encode(key);
    if (!this.engine.find()) return undefined;
    const { memory, offset } = this.engine.found;
    const { words } = memory;
    return decoder.decode(memory.bytes.slice(valueStart(words, offset), valueEnd(words, offset)));
  }

  /** The value with its deadline, so that a touched value is not the same as before. */
  getWithDeadline(key: string): string | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : withDeadline(value, this.engine.stamp().expiresAtMs);
  }

  async getAsync(key: string): Promise<string | undefined> {
    this.engine.keys.encode(key);
    if (this.engine.needsRead) await this.engine.readAhead();
    return this.get(key);
  }

  walk(): string[] {
    return [...this.engine.walk()].flat().map(({ key }) => decodeTextKey(key, 0, key.length));
  }
}

export function withDeadline(value: string, expiresAtMs: number): string {
  return `${expiresAtMs}@${value}`;
}

/** Names of the segment files in the directory. */
export function segmentFiles(machine: SimulatedRuntime): string[] {
  return machine.disk.list(DIRECTORY).filter((name) => name.endsWith('.seg'));
}
