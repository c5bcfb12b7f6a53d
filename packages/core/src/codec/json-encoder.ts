import { InvalidArgumentError } from '../errors.ts';
import { BufferedEncoder } from './encoder.ts';
import { assertDepth } from './inspect-value.ts';

/** JSON text, and nothing that would come back as something else without a word. */
export class JsonEncoder extends BufferedEncoder {
  override encode(value: unknown): number {
    inspectJson(value, 0);
    try {
      return this.encodeJson(value);
    } catch (cause) {
      // What a toJSON gave is looked at by nobody else.
      throw new InvalidArgumentError('JSON cannot hold this value', {}, { cause });
    }
  }
}

/**
 * Refuses what JSON would drop or change silently. Let through, because every user of JSON knows
 * them: properties that are `undefined` are left out, -0 becomes 0, an instance of a class a plain
 * object, and what has a `toJSON` becomes what that gives.
 */
function inspectJson(value: unknown, depth: number): void {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw noJson(String(value));
    return;
  }
  if (typeof value !== 'object') throw noJson(typeof value);
  assertDepth(depth);
  if (Array.isArray(value)) {
    for (const item of value) inspectJson(item, depth + 1);
    return;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) assertObject(value);
  const fields = value as Readonly<Record<string, unknown>>;
  if (typeof fields.toJSON === 'function') return;
  for (const name of Object.keys(fields)) {
    const item = fields[name];
    if (item !== undefined) inspectJson(item, depth + 1);
  }
}

/** A Map, a RegExp, a promise and their like would all become `{}`. */
function assertObject(value: object): void {
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  const isOwnJson = 'toJSON' in value && !ArrayBuffer.isView(value);
  if (kind !== 'Object' && !isOwnJson) throw noJson(kind);
}

function noJson(what: string): InvalidArgumentError {
  const hint = what === 'undefined' ? ': use null' : '';
  return new InvalidArgumentError(`JSON cannot hold this value, got=${what}${hint}`);
}
