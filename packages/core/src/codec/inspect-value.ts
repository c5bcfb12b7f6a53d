import { InvalidArgumentError } from '../errors.ts';

/** Deeper than any sensible value, shallow enough for any stack. */
const DEPTH_MAX = 500;

/**
 * Refuses what cannot be stored, because the encoder would drop it without a word: functions,
 * symbols, `undefined` as the whole value, cycles, text with lone surrogates (it has no UTF-8).
 * True if the value holds a `Map`, which plain MessagePack cannot tell from an object.
 */
export function inspectValue(value: unknown): boolean {
  if (value === undefined) {
    throw new InvalidArgumentError('undefined cannot be stored: it means a miss; use null');
  }
  return holdsMap(value, 0);
}

function holdsMap(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string') assertWellFormed(value);
    else if (typeof value === 'function' || typeof value === 'symbol') {
      throw new InvalidArgumentError(`a ${typeof value} cannot be stored`);
    }
    return false;
  }
  if (depth > DEPTH_MAX) {
    throw new InvalidArgumentError(`a value nested deeper than ${DEPTH_MAX}, or in a cycle`);
  }
  if (Array.isArray(value)) {
    let found = false;
    for (let index = 0; index < value.length; index++) {
      if (holdsMap(value[index], depth + 1)) found = true;
    }
    return found;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      holdsMap(key, depth + 1);
      holdsMap(item, depth + 1);
    }
    return true;
  }
  if (ArrayBuffer.isView(value)) return false;
  return value instanceof Set ? setHoldsMap(value, depth) : objectHoldsMap(value, depth);
}

function setHoldsMap(value: ReadonlySet<unknown>, depth: number): boolean {
  let found = false;
  for (const item of value) if (holdsMap(item, depth + 1)) found = true;
  return found;
}

function objectHoldsMap(value: object, depth: number): boolean {
  let found = false;
  for (const name in value) {
    assertWellFormed(name);
    if (holdsMap((value as Record<string, unknown>)[name], depth + 1)) found = true;
  }
  return found;
}

function assertWellFormed(text: string): void {
  if (isWellFormed(text)) return;
  throw new InvalidArgumentError(
    'text with a lone surrogate cannot be stored inside another value; toWellFormed() replaces it',
  );
}

export function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed();
}
