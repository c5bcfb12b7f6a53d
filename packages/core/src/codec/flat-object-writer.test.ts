// Goal: what is written here is, byte for byte, what msgpackr would have written; and whatever it
// would refuse or write in another way is left to it.
// Method: objects of random fields, with the numbers and the texts at which the form changes,
// beside the dictionary's own `pack`. Through the encoder: getters that throw, write themselves, or
// change their object.
// Not covered: reading (value-decoder.test.ts and the conformance suite).
import { describe, expect, test } from 'vitest';
import { SeededRandom } from '../testing/index.ts';
import { FlatObjectWriter } from './flat-object-writer.ts';
import { MsgpackEncoder } from './msgpack-encoder.ts';
import { packPlain } from './plain-msgpack.ts';
import { ShapeDictionary } from './shape-dictionary.ts';
import { ENCODING_SHAPES } from './value-encoding.ts';

/** Knows the shape of each value. */
function knowing(...values: readonly object[]): ShapeDictionary {
  const shapes = new ShapeDictionary();
  for (const value of values) for (let time = 0; time < 2; time++) shapes.pack(value);
  shapes.pack(0);
  return shapes;
}

function packed(shapes: ShapeDictionary, value: unknown): number[] {
  const bytes = shapes.pack(value);
  return [...bytes.subarray(bytes.start, bytes.end)];
}

function written(writer: FlatObjectWriter, value: unknown): number[] | undefined {
  return writer.write(value) ? [...writer.data.subarray(0, writer.length)] : undefined;
}

const EDGES = [0x20, 0x40, 0x80, 0x100, 0x8000, 0x10000, 2 ** 31, 2 ** 32, 2 ** 53];
const NUMBERS = [
  ...EDGES.flatMap((edge) => [edge - 1, edge, edge + 1, 1 - edge, -edge, -edge - 1]),
  ...[0, -0, 0.5, -1.25, 1e-310, 1e300, Number.NaN],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
];
const LETTERS = ['a', 'ø', '€', '😀', '\0', '\u007f', '\u0080', '\u07ff', '\u0800', '\uffff'];
const LENGTHS = [0, 1, 15, 16, 30, 31, 32, 33, 62, 63];
const TEXTS = LETTERS.flatMap((letter) =>
  LENGTHS.map((length) => letter.repeat(length / letter.length)),
);

test('every number and every short text is written as msgpackr does', () => {
  const shapes = knowing({ field: 0 });
  const writer = new FlatObjectWriter(shapes);
  for (const field of [...NUMBERS, ...TEXTS, true, false, null]) {
    const value = { field };
    expect(written(writer, value), String(field)).toEqual(packed(shapes, value));
  }
});

test('objects of random fields are written as msgpackr does, whatever shapes come in turn', () => {
  const random = new SeededRandom(11);
  const make: (() => object)[] = [
    () => ({ id: number(), name: text() }),
    () => ({ name: text(), id: number() }),
    () => ({ id: number() }),
    () => ({ id: number(), name: text(), isActive: random.below(2) === 0, parent: null }),
    () => ({}),
    () => Object.fromEntries(Array.from({ length: 64 }, (_, name) => [`field ${name}`, text()])),
  ];
  const number = (): number => {
    const edge = NUMBERS[random.below(NUMBERS.length)]!;
    return random.below(2) === 0 ? edge : Math.trunc(edge * random.next());
  };
  const text = (): string =>
    Array.from({ length: random.below(20) }, () => LETTERS[random.below(LETTERS.length)]).join('');
  const shapes = knowing(...make.map((one) => one()));
  const writer = new FlatObjectWriter(shapes);
  for (let turn = 0; turn < 5_000; turn++) {
    const value = make[random.below(make.length)]!();
    expect(written(writer, value), JSON.stringify(value)).toEqual(packed(shapes, value));
  }
});

test('the largest object of a known shape fits', () => {
  const names = Array.from({ length: 64 }, (_, index) => `n${index}`);
  const value = Object.fromEntries(names.map((name) => [name, '€'.repeat(63)]));
  const shapes = knowing(value);
  expect(written(new FlatObjectWriter(shapes), value)).toEqual(packed(shapes, value));
});

test.each([
  ['a shape not known', { other: 1 }],
  ['names in another order', { b: 1, a: 1 }],
  ['fewer fields', { a: 1 }],
  ['more fields', { a: 1, b: 2, c: 3 }],
  ['a text of 64 units', { a: 'x'.repeat(64), b: 1 }],
  ['a lone surrogate', { a: '\ud800', b: 1 }],
  ['a lone surrogate at the end', { a: 'a\udc00', b: 1 }],
  ['undefined', { a: undefined, b: 1 }],
  ['a bigint', { a: 1n, b: 1 }],
  ['a function', { a: () => {}, b: 1 }],
  ['a symbol', { a: Symbol.iterator, b: 1 }],
  ['a date', { a: new Date(0), b: 1 }],
  ['an array', { a: [], b: 1 }],
  ['an object', { a: {}, b: 1 }],
  ['no prototype', Object.assign(Object.create(null), { a: 1, b: 2 })],
  ['another prototype', Object.assign(Object.create({ c: 1 }), { a: 1, b: 2 })],
  ['no object', 'ab'],
  ['null', null],
  ['an array itself', [1, 2]],
])('%s is left to msgpackr', (_what, value) => {
  const writer = new FlatObjectWriter(knowing({ a: 1, b: 2 }));
  expect(writer.write({ a: 1, b: 2 })).toBe(true);
  expect(writer.write(value)).toBe(false);
});

describe('a getter', () => {
  const shapes = knowing({ a: 1, b: 2 });
  const withGetter = (get: () => unknown): object =>
    Object.defineProperty({ a: 'outer', b: 0 }, 'b', { get, enumerable: true });

  test('may write another value meanwhile', () => {
    const encoder = new MsgpackEncoder(shapes);
    const inner = { a: 'inner', b: 1 };
    const outer = withGetter(() => {
      expect(encoder.encode(inner)).toBe(ENCODING_SHAPES);
      return 2;
    });
    expect(encoder.encode(outer)).toBe(ENCODING_SHAPES);
    const { data, start, length } = encoder;
    const range = { start, end: start + length };
    expect(shapes.unpack(data, range)).toEqual({ a: 'outer', b: 2 });
  });

  test('that throws leaves a writer that goes on', () => {
    const writer = new FlatObjectWriter(shapes);
    const failing = withGetter(() => {
      throw new RangeError('no');
    });
    expect(() => writer.write(failing)).toThrow(RangeError);
    expect(written(writer, { a: 1, b: 2 })).toEqual([0x40, 1, 2]);
  });

  test('that takes a field away is no flat object', () => {
    const writer = new FlatObjectWriter(shapes);
    const shrinking = Object.defineProperty({ a: 0, b: 2 }, 'a', {
      get: () => delete (shrinking as { b?: number }).b,
      enumerable: true,
    });
    expect(writer.write(shrinking)).toBe(false);
  });
});

test('names that every object inherits keep objects from being written here', () => {
  const writer = new FlatObjectWriter(knowing({ a: 1 }, { a: 1, inherited: 1 }));
  expect(writer.write({ a: 1, inherited: 1 })).toBe(true);
  Object.defineProperty(Object.prototype, 'inherited', {
    value: 1,
    enumerable: true,
    configurable: true,
    writable: true,
  });
  try {
    expect(writer.write({ a: 1 })).toBe(false);
  } finally {
    delete (Object.prototype as { inherited?: number }).inherited;
  }
});

test('values of known shapes keep the search for others going', () => {
  const encoder = new MsgpackEncoder(knowing({ a: 1 }));
  // One in three has an unknown shape: too few to stop looking for a shape.
  for (let turn = 0; turn < 2_000; turn++) {
    encoder.encode({ a: 1 });
    encoder.encode({ a: 1 });
    encoder.encode({ [`name ${turn}`]: 1 });
  }
  encoder.encode({ late: 1 });
  encoder.encode({ late: 1 });
  encoder.encode({ late: 1 });
  expect(encoder.length).toBe(2);
});

test('a shape of a store that has more names than there is room for is left to msgpackr', () => {
  const names = Array.from({ length: 200 }, (_, index) => `n${index}`);
  const shapes = new ShapeDictionary();
  expect(shapes.adopt(packPlain([names, ['a']]))).toBe('known');
  const writer = new FlatObjectWriter(shapes);
  const value = Object.fromEntries(names.map((name) => [name, '€'.repeat(63)]));
  expect(writer.write(value)).toBe(false);
  expect(written(writer, { a: 1 })).toEqual(packed(shapes, { a: 1 }));
});

test('what a getter writes meanwhile leaves msgpackr the shapes that it knows', () => {
  const known = { a: 1, b: 2 };
  const shapes = knowing(known, { first: 0, second: 0 });
  const encoder = new MsgpackEncoder(shapes);
  // Where a window ends, msgpackr forgets its tree of names: here in the middle of `outer`.
  let unknown = 0;
  const outer = {
    get first(): number {
      encoder.encode({ [`unknown ${unknown++}`]: 1 });
      for (let time = 0; time < 300; time++) encoder.encode(known);
      return 0;
    },
    second: known,
  };
  encoder.encode(outer);
  expect(encoder.length).toBe(5);
});
