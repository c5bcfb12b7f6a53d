/**
 * A conformance suite is a function that registers tests with whatever runner it is handed: Vitest,
 * `bun test`, `deno test`, or a loop in a program. It imports none of them, so one text judges
 * every implementation of a port.
 */

/** What a suite needs of a test runner. */
export interface ConformanceTarget {
  /** Registers one test; it fails when the promise rejects. */
  readonly test: (name: string, run: () => Promise<void>) => void;
  /**
   * Registers a test that is left out, and prints the reason. Needed where `unsupported` is given.
   */
  readonly skip?: (name: string, reason: string) => void;
  /** What this implementation cannot do, by test name. A name that no test has is an error. */
  readonly unsupported?: readonly UnsupportedTests[];
}

export interface UnsupportedTests {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** A test of a suite that makes a fresh `Fixture` for each of its tests. */
export interface SuiteTest<Fixture> {
  readonly name: string;
  readonly run: (fixture: Fixture) => Promise<void>;
}

/** Makes what one test works on, and takes it away afterwards, whether the test passed or not. */
export interface FixtureSource<Fixture> {
  readonly create: () => Fixture | Promise<Fixture>;
  readonly dispose?: (fixture: Fixture) => void | Promise<void>;
}

/**
 * Registers `tests` with the target's runner, each on a fixture of its own, leaving out what is
 * unsupported.
 */
export function registerSuite<Fixture>(
  suiteName: string,
  target: ConformanceTarget & FixtureSource<Fixture>,
  tests: readonly SuiteTest<Fixture>[],
): void {
  const reasons = new Map<string, string>();
  for (const { reason, tests: names } of target.unsupported ?? []) {
    for (const name of names) reasons.set(name, reason);
  }
  for (const { name, run } of tests) {
    const reason = reasons.get(name);
    if (reasons.delete(name)) {
      if (target.skip === undefined) throw new Error('unsupported tests need a target with `skip`');
      target.skip(`${suiteName}: ${name}`, String(reason));
      continue;
    }
    target.test(`${suiteName}: ${name}`, async () => {
      const fixture = await target.create();
      try {
        await run(fixture);
      } finally {
        await target.dispose?.(fixture);
      }
    });
  }
  const [unknown] = reasons.keys();
  if (unknown !== undefined) throw new Error(`${suiteName} has no test named "${unknown}"`);
}
