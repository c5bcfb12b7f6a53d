/** Values of every kind a cache takes. */
import { DateValue } from './date-value.ts';

export const TEXTS: readonly string[] = [
  '',
  'a',
  'plain ASCII of more than forty characters, so that another path is taken',
  'Grüße, 日本語, 🦀🦀',
  '\u0000\u0001\u007f\u0080\u07ff\u0800\ufffd\uffff',
  '\ufeffa byte order mark',
  '👩‍👩‍👧‍👦 e\u0301',
  'é'.repeat(39),
  '🦀'.repeat(30_000),
];

export const NUMBERS: readonly number[] = [
  0,
  1,
  -1,
  127,
  128,
  -32,
  -33,
  65_536,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 32,
  2 ** 53 - 1,
  -(2 ** 53) + 1,
  2 ** 53,
  2 ** 63,
  2 ** 64,
  1e21,
  0.1,
  -1.5,
  Number.MAX_VALUE,
  Number.MIN_VALUE,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
];

export const OBJECTS: readonly unknown[] = [
  null,
  true,
  false,
  {},
  [],
  [[], [[]], {}],
  { '': 1, a: undefined, 'key with spaces': null, 1: 'one' },
  [undefined, null, Number.NaN],
  { text: 'a', list: [1, 'b', { c: [true] }], none: null },
  new DateValue(0),
  new DateValue(1_700_000_000_123),
  new DateValue(-62_135_596_800_000),
  new DateValue(8.64e15),
  { at: new DateValue(1_700_000_000_000), list: [new DateValue(1)] },
  new Set(),
  new Set([1, 'two', new DateValue(3), [4]]),
  { set: new Set([new Set(['deep'])]) },
  new Int8Array([-1, 1]),
  new Uint8ClampedArray([0, 255]),
  new Int16Array([-300, 300]),
  new Uint16Array([65_535]),
  new Int32Array([-70_000]),
  new Uint32Array([4_294_967_295, 1]),
  new Float32Array([0.5, Number.NaN]),
  new Float64Array([0.1, -0, Number.POSITIVE_INFINITY]),
  new BigInt64Array([-5n]),
  new BigUint64Array([2n ** 64n - 1n]),
  new Uint8Array([1, 2, 3]).buffer,
  { bytes: new Uint8Array([1, 2]), floats: new Float64Array([1.5]), list: [new Uint8Array(0)] },
  numbers(1_000),
  Array.from({ length: 300 }, (_, index) => ({ index, name: `item ${index}`, tags: ['a', 'b'] })),
];

export const MAPS: readonly unknown[] = [
  new Map(),
  new Map<unknown, unknown>([
    ['a', 1],
    [2, 'two'],
    [new DateValue(3), new Map([['deep', [1]]])],
  ]),
  { map: new Map([['a', { b: 1 }]]), object: { a: 1 }, set: new Set([new Map([[1, 2]])]) },
  [{ a: 1 }, new Map([['a', 1]]), { a: 2 }],
];

export function numbers(length: number): number[] {
  return Array.from({ length }, (_, index) => index * 1.25);
}
