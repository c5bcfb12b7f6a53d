import type { Random } from '../ports/random.ts';
import { expectEqual, expectTrue } from './expect.ts';
import {
  type ConformanceTarget,
  type FixtureSource,
  registerSuite,
  type SuiteTest,
} from './suite.ts';

/** Judges a `Random` by the promises of ports/random.ts; not how unpredictable its bytes are. */
export function randomConformance(target: ConformanceTarget & FixtureSource<Random>): void {
  registerSuite('random', target, TESTS);
}

const TESTS: readonly SuiteTest<Random>[] = [
  {
    name: 'fills the very array it was given, and nothing around it',
    run: async (random) => {
      const around = new Uint8Array(64);
      const view = around.subarray(16, 48);
      expectTrue(random.fill(view) === view, 'the same array back');
      expectTrue(
        view.some((byte) => byte !== 0),
        '32 bytes not to be all zero',
      );
      for (const index of [...Array(16).keys(), ...Array.from({ length: 16 }, (_, i) => 48 + i)]) {
        expectEqual(around[index], 0, `byte ${index}, outside the view,`);
      }
    },
  },
  {
    name: 'fills from no byte to 65,536 bytes, with every value',
    run: async (random) => {
      expectEqual(random.fill(new Uint8Array(0)).length, 0, 'the length of nothing');
      const seen = new Set(random.fill(new Uint8Array(65_536)));
      // The chance that one value is missing is 256 × (255/256)^65536, below 10^-108.
      expectEqual(seen.size, 256, 'the number of different byte values');
    },
  },
  {
    name: 'gives different bytes each time',
    run: async (random) => {
      const first = random.fill(new Uint8Array(16)).join();
      const second = random.fill(new Uint8Array(16)).join();
      expectTrue(first !== second, 'two fills to differ');
    },
  },
];
