/**
 * Equality of stored values: same kind, same content, all the way down. `Object.is` for primitives,
 * so NaN is NaN and -0 is not 0.
 */
import { DateValue } from './date-value.ts';
import { expectEqual } from './expect.ts';

/** Fails at the first place where both differ, naming it. */
export function expectSame(actual: unknown, expected: unknown, what: string): void {
  if (typeof expected !== 'object' || expected === null) {
    expectEqual(actual, expected, what);
    return;
  }
  if (typeof actual !== 'object' || actual === null) {
    throw new Error(`expected ${what} to be ${kindOf(expected)}, got ${String(actual)}`);
  }
  expectEqual(kindOf(actual), kindOf(expected), `the kind of ${what}`);
  if (expected instanceof DateValue) {
    expectEqual((actual as typeof expected).getTime(), expected.getTime(), what);
  } else if (expected instanceof ArrayBuffer) {
    expectItems(new Uint8Array(actual as ArrayBuffer), new Uint8Array(expected), what);
  } else if (ArrayBuffer.isView(expected) || Array.isArray(expected)) {
    expectItems(actual as ArrayLike<unknown>, expected as unknown as ArrayLike<unknown>, what);
  } else if (expected instanceof Set) {
    expectItems([...(actual as Set<unknown>)], [...expected], what);
  } else if (expected instanceof Map) {
    expectItems([...(actual as Map<unknown, unknown>)], [...expected], what);
  } else {
    expectItems(sortedEntries(actual), sortedEntries(expected), what);
  }
}

function expectItems(actual: ArrayLike<unknown>, expected: ArrayLike<unknown>, what: string): void {
  expectEqual(actual.length, expected.length, `the length of ${what}`);
  for (let index = 0; index < expected.length; index++) {
    // Texts are named only on failure: a megabyte has a million items.
    if (Object.is(actual[index], expected[index])) continue;
    expectSame(actual[index], expected[index], `item ${index} of ${what}`);
  }
}

function sortedEntries(value: object): [string, unknown][] {
  return Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
}

/** A Node `Buffer` is not what was stored, though it is a Uint8Array: the constructor tells. */
function kindOf(value: object): string {
  return value.constructor?.name ?? 'an object without a prototype';
}
