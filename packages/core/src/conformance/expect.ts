/**
 * The expectations of the suites: thrown errors are plain `Error`s, so every test runner reports
 * them.
 */
import { HoldfastError, type HoldfastErrorCode } from '../errors.ts';

/** Fails the test, saying what was expected, unless `condition` holds. */
export function expectTrue(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`expected ${what}`);
}

/** Fails unless both are the same value (`Object.is`). */
export function expectEqual<T>(actual: T, expected: T, what: string): void {
  if (Object.is(actual, expected)) return;
  throw new Error(`expected ${what} to be ${String(expected)}, got ${String(actual)}`);
}

/** Fails unless both hold the same bytes; names the first place where they differ. */
export function expectBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  expectEqual(actual.length, expected.length, `the length of ${what}`);
  for (let index = 0; index < expected.length; index++) {
    expectEqual(actual[index], expected[index], `byte ${index} of ${what}`);
  }
}

/** Fails unless both hold the same texts, in any order. */
export function expectSameTexts(
  actual: readonly string[],
  expected: readonly string[],
  what: string,
): void {
  expectEqual(
    JSON.stringify(actual.toSorted()),
    JSON.stringify(expected.toSorted()),
    `${what}, sorted,`,
  );
}

/**
 * Fails unless `run` fails with a `HoldfastError` (of this code, where one is named); resolves to
 * it.
 */
export async function expectFailure(
  run: () => unknown,
  code: HoldfastErrorCode | undefined,
  what: string,
): Promise<HoldfastError> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Error(`expected ${what} to fail`);
  if (!(error instanceof HoldfastError)) {
    throw new Error(`expected ${what} to fail with a HoldfastError`, { cause: error });
  }
  if (code !== undefined) expectEqual(error.code, code, `the code of ${what}`);
  return error;
}
