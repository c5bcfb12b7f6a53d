import { InvalidArgumentError } from '../errors.ts';

/** Deeper than any sensible value, shallow enough for any stack. */
const DEPTH_MAX = 500;

/** What a value holds, as flags: it decides how it is written. */
export const HOLDS_OBJECT = 1;
export const HOLDS_MAP = 2;
/** An object that may have inherited names: it has no shape. */
export const HOLDS_INSTANCE = 4;

/**
 * Refuses what cannot be stored, because the encoder would drop it without a word: functions,
 * symbols, `undefined` as the whole value, cycles, text with lone surrogates (it has no UTF-8; for
 * names see `assertNames`). Tells whether the value holds objects with names, and a `Map`, which
 * plain MessagePack cannot tell from them.
 */
export function inspectValue(value: unknown): number {
  refuseUndefined(value);
  return inspect(value, 0);
}

export function refuseUndefined(value: unknown): void {
  if (value !== undefined) return;
  throw new InvalidArgumentError('undefined cannot be stored: it means a miss; use null');
}

/** So deep a value is in a cycle, or as good as. */
export function assertDepth(depth: number): void {
  if (depth <= DEPTH_MAX) return;
  throw new InvalidArgumentError(`a value nested deeper than ${DEPTH_MAX}, or in a cycle`);
}

/** Hot: half of what is written are objects of numbers and texts. */
function inspect(value: unknown, depth: number): number {
  if (typeof value === 'string') {
    if (!isWellFormed(value)) throw illFormed();
    return 0;
  }
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') {
      throw new InvalidArgumentError(`a ${typeof value} cannot be stored`);
    }
    return 0;
  }
  assertDepth(depth);
  if (Object.getPrototypeOf(value) === Object.prototype) return inspectObject(value, depth);
  if (ArrayBuffer.isView(value)) return 0;
  if (Array.isArray(value)) return inspectItems(value, depth);
  if (value instanceof Set) return inspectItems(value, depth);
  return value instanceof Map ? inspectMap(value, depth) : inspectInstance(value, depth);
}

function inspectItems(items: Iterable<unknown>, depth: number): number {
  let holds = 0;
  for (const item of items) holds |= inspect(item, depth + 1);
  return holds;
}

function inspectMap(map: ReadonlyMap<unknown, unknown>, depth: number): number {
  for (const [key, item] of map) {
    inspect(key, depth + 1);
    inspect(item, depth + 1);
  }
  return HOLDS_MAP;
}

/** A Date and its like have no names at all, and keep nobody from having a shape. */
function inspectInstance(value: object, depth: number): number {
  if (Object.getPrototypeOf(value) === null) return inspectObject(value, depth);
  let holds = 0;
  for (const name in value) {
    holds |= HOLDS_INSTANCE | inspect((value as Record<string, unknown>)[name], depth + 1);
  }
  return holds;
}

function inspectObject(value: object, depth: number): number {
  let holds = HOLDS_OBJECT;
  for (const name in value) holds |= inspect((value as Record<string, unknown>)[name], depth + 1);
  return holds;
}

/** Decoders do not set it, lest a stored value changed what an object is; they would rename it. */
const FORBIDDEN_NAME = '__proto__';

/**
 * Refuses names that would not be read back, in a value that `inspectValue` has passed. Apart from
 * it, because the names of a known shape were looked at when it was admitted.
 */
export function assertNames(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  if (Array.isArray(value) || value instanceof Set) {
    for (const item of value) assertNames(item);
    return;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      assertNames(key);
      assertNames(item);
    }
    return;
  }
  for (const name in value) {
    if (!isWellFormed(name)) throw illFormed();
    if (name === FORBIDDEN_NAME) {
      throw new InvalidArgumentError(`a property named ${FORBIDDEN_NAME} cannot be stored`);
    }
    assertNames((value as Record<string, unknown>)[name]);
  }
}

function illFormed(): InvalidArgumentError {
  return new InvalidArgumentError(
    'text with a lone surrogate cannot be stored inside another value; toWellFormed() replaces it',
  );
}

/** True if a shape of these names may be known: no value of it is looked at by `assertNames`. */
export function areNamesStorable(names: readonly string[]): boolean {
  return names.every((name) => isWellFormed(name) && name !== FORBIDDEN_NAME);
}

export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
