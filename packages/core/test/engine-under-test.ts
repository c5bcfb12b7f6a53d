/**
 * One opening of the engine on a simulated machine, with text as values, as the simulations drive
 * it. Tiny segments and limits, so that cleaning, eviction and reads from files happen within a few
 * dozen writes.
 */

import type { Durability } from '../src/backend/cache-backend.ts';
import { Namespace } from '../src/cache/namespace.ts';
import type { Encoder } from '../src/codec/encoder.ts';
import { MsgpackEncoder } from '../src/codec/msgpack-encoder.ts';
import { ShapeDictionary } from '../src/codec/shape-dictionary.ts';
import { ValueDecoder } from '../src/codec/value-decoder.ts';
import type { Engine } from '../src/engine/engine.ts';
import { decodeTextKey } from '../src/engine/key-encoder.ts';
import { openEngine } from '../src/engine/open-engine.ts';
import type { EngineSettings } from '../src/engine/settings.ts';
import { markTags } from '../src/engine/stale-mark.ts';
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

/** `objects` makes each text a field of an object of one of several shapes. */
export type ValuesUnderTest = 'text' | 'objects';

const SHAPES = 7;

export class EngineUnderTest {
  readonly engine: Engine;
  readonly errors: HoldfastError[];
  readonly #values: ValuesUnderTest;
  readonly #encoder: Encoder;
  readonly #decoder: ValueDecoder;

  private constructor(
    engine: Engine,
    errors: HoldfastError[],
    values: ValuesUnderTest,
    shapes: ShapeDictionary,
  ) {
    this.engine = engine;
    this.errors = errors;
    this.#values = values;
    this.#encoder = new MsgpackEncoder(shapes);
    this.#decoder = new ValueDecoder(undefined, shapes);
  }

  static async open(
    machine: SimulatedRuntime,
    settings: Partial<EngineSettings> = {},
    values: ValuesUnderTest = 'text',
  ): Promise<EngineUnderTest> {
    const errors: HoldfastError[] = [];
    const onError = (error: HoldfastError): void => void errors.push(error);
    const shapes = new ShapeDictionary();
    const engine = await openEngine(machine, { ...TINY, onError, ...settings }, shapes);
    return new EngineUnderTest(engine, errors, values, shapes);
  }

  /** Visible at once; the promise is for the durability. */
  set(
    key: string,
    value: string,
    expiresAtMs: number = NEVER,
    durability: Durability = 'buffered',
    tags: readonly string[] = [],
    keptMs = 0,
  ): Promise<void> {
    const encoding = this.#encoder.encode(this.#values === 'text' ? value : shaped(value));
    const { data, start, length } = this.#encoder;
    const namespace = this.#encodeKey(key);
    const nowMs = this.engine.clock.nowMs();
    const own = namespace.tagBytes(tags);
    const marked = keptMs === 0 ? own : markTags(own, expiresAtMs);
    this.engine.put(encoding, data, start, length, expiresAtMs + keptMs, nowMs, marked);
    return this.engine.settle(durability);
  }

  delete(key: string, durability: Durability = 'buffered'): Promise<void> {
    this.#encodeKey(key);
    this.engine.remove();
    return this.engine.settle(durability);
  }

  /** What has the tag in a space; without a tag all of it, and what is within. */
  invalidate(space: string, tag: string, durability: Durability): Promise<void> {
    const namespace = namespaceOf(space);
    const ids = tag === '' ? namespace.ids.slice(0, 1) : namespace.tagIds([tag]);
    for (const id of ids) this.engine.invalidate(id);
    return this.engine.settle(durability);
  }

  /** `undefined` if there is no value to touch. */
  touch(
    key: string,
    expiresAtMs: number,
    durability: Durability = 'buffered',
  ): Promise<void> | undefined {
    this.#encodeKey(key);
    if (!this.engine.find()) return undefined;
    this.engine.putAgain(expiresAtMs);
    return this.engine.settle(durability);
  }

  get(key: string): string | undefined {
    this.#encodeKey(key);
    return this.engine.find() ? this.#decodeFound() : undefined;
  }

  #decodeFound(): string {
    const { memory, offset } = this.engine.found;
    const value = this.#decoder.decodeRecord(memory, offset);
    return typeof value === 'string' ? value : unshaped(value as object);
  }

  /** The value with its deadline, so that a touched value is not the same as before. */
  getWithDeadline(key: string): string | undefined {
    const value = this.get(key);
    return value === undefined ? undefined : withDeadline(value, this.engine.stamp().expiresAtMs);
  }

  /** As `getWithDeadline`, also past its deadline while it is kept. */
  getKeptWithDeadline(key: string): string | undefined {
    this.#encodeKey(key);
    if (!this.engine.findKept()) return undefined;
    return withDeadline(this.#decodeFound(), this.engine.stamp().expiresAtMs);
  }

  async getAsync(key: string): Promise<string | undefined> {
    this.#encodeKey(key);
    if (this.engine.needsRead) await this.engine.readAhead();
    return this.get(key);
  }

  /** The keys in a space, as they are given to the other methods. */
  walk(space = ''): string[] {
    const found = [...this.engine.walk(namespaceOf(space).prefix)].flat();
    return found.map(({ key }) => space + decodeTextKey(key, 0, key.length));
  }

  /** Live values in a space. */
  sizeOf(space: string): number {
    return this.engine.sizeOf(namespaceOf(space).ids[0]);
  }

  #encodeKey(key: string): Namespace {
    const space = spaceOf(key);
    const namespace = namespaceOf(space);
    this.engine.keys.encode(key.slice(space.length), namespace.prefix);
    return namespace;
  }
}

/** What of a key is the namespace it is in: `a>b>` of `a>b>key`. */
export function spaceOf(key: string): string {
  return key.slice(0, key.lastIndexOf('>') + 1);
}

const namespaces = new Map<string, Namespace>();

function namespaceOf(space: string): Namespace {
  let found = namespaces.get(space);
  if (found === undefined) {
    const names = space.split('>').slice(0, -1);
    found = names.reduce((outer, name) => outer.within(name), Namespace.NONE);
    namespaces.set(space, found);
  }
  return found;
}

export function withDeadline(value: string, expiresAtMs: number): string {
  return `${expiresAtMs}@${value}`;
}

function shaped(text: string): object {
  return { kind: 'object', [`text${text.length % SHAPES}`]: text };
}

/** The text, if the object has exactly the shape it was made with. */
function unshaped(value: object): string {
  const text = Object.values(value)[1] as string;
  const names = Object.keys(value).join();
  return names === Object.keys(shaped(text)).join() ? text : `${text} in the shape ${names}`;
}

/** Names of the segment files in the directory. */
export function segmentFiles(machine: SimulatedRuntime): string[] {
  return machine.disk.list(DIRECTORY).filter((name) => name.endsWith('.seg'));
}
