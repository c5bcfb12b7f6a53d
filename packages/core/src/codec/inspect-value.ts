import { InvalidArgumentError } from '../errors.ts';

/** Deeper than any sensible value, shallow enough for any stack. */
const DEPTH_MAX = 500;

/** What a value holds, as flags: it decides how it is written. */
export const HOLDS_OBJECT = 1;
export const HOLDS_MAP = 2;

/**
 * Refuses what cannot be stored, because the encoder would drop it without a word: functions,
 * symbols, `undefined` as the whole value, cycles, text with lone surrogates (it has no UTF-8).
 * Tells whether the value holds objects with names, and a `Map`, which plain MessagePack cannot
 * tell from them.
 */
export function inspectValue(value: unknown): number {
  if (value === undefined) {
    throw new InvalidArgumentError('undefined cannot be stored: it means a miss; use null');
  }
  return inspect(value, 0);
}

function inspect(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'string') assertWellFormed(value);
    else if (typeof value === 'function' || typeof value === 'symbol') {
      throw new InvalidArgumentError(`a ${typeof value} cannot be stored`);
    }
    return 0;
  }
  if (depth > DEPTH_MAX) {
    throw new InvalidArgumentError(`a value nested deeper than ${DEPTH_MAX}, or in a cycle`);
  }
  if (Array.isArray(value)) {
    let holds = 0;
    for (let index = 0; index < value.length; index++) holds |= inspect(value[index], depth + 1);
    return holds;
  }
  if (value instanceof Map) {
    for (const [key, item] of value) {
      inspect(key, depth + 1);
      inspect(item, depth + 1);
    }
    return HOLDS_MAP;
  }
  if (ArrayBuffer.isView(value)) return 0;
  return value instanceof Set ? inspectSet(value, depth) : inspectObject(value, depth);
}

function inspectSet(value: ReadonlySet<unknown>, depth: number): number {
  let holds = 0;
  for (const item of value) holds |= inspect(item, depth + 1);
  return holds;
}

function inspectObject(value: object, depth: number): number {
  let holds = HOLDS_OBJECT;
  for (const name in value) {
    assertWellFormed(name);
    holds |= inspect((value as Record<string, unknown>)[name], depth + 1);
  }
  return holds;
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
