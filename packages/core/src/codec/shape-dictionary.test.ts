// Goal: what is written with shapes is read as it was, whatever happens to the dictionary, and a
// number never changes its meaning.
// Method: values of few and of many shapes through one dictionary, and through others that adopted
// it; getters that throw and that write themselves.
// Not covered: what the log does with the shapes (core/test).
import { describe, expect, test } from 'vitest';
import { DateValue } from '../conformance/date-value.ts';
import { SeededRandom } from '../testing/index.ts';
import { MsgpackEncoder } from './msgpack-encoder.ts';
import { packPlain } from './plain-msgpack.ts';
import { ShapeDictionary } from './shape-dictionary.ts';
import { ENCODING_MSGPACK, ENCODING_SHAPES } from './value-encoding.ts';

const SHAPES_MAX = 31;

function pack(shapes: ShapeDictionary, value: unknown): Uint8Array {
  const packed = shapes.pack(value);
  return new Uint8Array(packed.subarray(packed.start, packed.end));
}

function unpack(shapes: ShapeDictionary, packed: Uint8Array): unknown {
  return shapes.unpack(packed, { start: 0, end: packed.length });
}

/** Knows the shape of each value. */
function knowing(...values: readonly object[]): ShapeDictionary {
  const shapes = new ShapeDictionary();
  for (const value of values) for (let time = 0; time < 2; time++) shapes.pack(value);
  shapes.pack(0);
  return shapes;
}

describe('a shape', () => {
  test('is admitted the second time it is seen, and saves its names', () => {
    const shapes = new ShapeDictionary();
    const value = { balance: 1.5, city: 'Quito' };
    const first = pack(shapes, value);
    pack(shapes, value);
    expect(shapes.count).toBe(0);
    expect(pack(shapes, value).length).toBeLessThan(first.length - 'balancecity'.length + 1);
    expect(shapes.count).toBe(1);
    expect(unpack(shapes, first)).toEqual(value);
  });

  test('is one of names in their order', () => {
    const shapes = knowing({ a: 1, b: 2 }, { b: 2, a: 1 }, { a: 1 });
    expect(shapes.count).toBe(3);
    expect(Object.keys(unpack(shapes, pack(shapes, { b: 1, a: 2 })) as object)).toEqual(['b', 'a']);
  });

  test.each([
    ['65 names', Object.fromEntries(Array.from({ length: 65 }, (_, index) => [`n${index}`, 0]))],
    ['a name of 2,000 characters', { ['n'.repeat(2_000)]: 1 }],
  ])('of %s is written plain', (_what, value) => {
    const shapes = knowing(value);
    expect(shapes.count).toBe(0);
    expect(unpack(shapes, pack(shapes, value))).toEqual(value);
  });

  test('nested in others of known and unknown shapes is read back', () => {
    const value = {
      a: [
        { b: 1, c: { d: 64 } },
        { b: 127, c: null },
      ],
      e: { x: -1, y: 2 ** 40 },
    };
    const shapes = knowing(value);
    const other = { z: value, once: { only: value.a } };
    expect(unpack(shapes, pack(shapes, other))).toEqual(other);
  });

  test('of names that mean something to JavaScript is read back', () => {
    for (const name of ['constructor', 'hasOwnProperty', 'toString', 'a b', '"', '1', '']) {
      const value = { [name]: 'x', y: [] };
      const shapes = knowing(value);
      for (let time = 0; time < 20; time++) {
        expect(unpack(shapes, pack(shapes, value))).toEqual(value);
      }
    }
  });
});

describe("a property named as one of msgpackr's own", () => {
  test.each(['pop', 'length', 'constructor', 'evil'])(
    '__keys__ and %s: nothing is mixed up',
    (name) => {
      const shapes = knowing({ a: 1 }, { b: 1 });
      const others = knowing({ q: 1 });
      for (const value of [
        { a: 1, __keys__: 7, [name]: 9 },
        { a: 1, __keys__: 7, constructor: 1, prototype: 1, [name]: 9 },
        { b: 1, __keys__: 7, [name]: 9 },
        { q: 1, __keys__: 7, [name]: 9 },
      ]) {
        for (const each of [shapes, others, shapes, others, shapes, others]) {
          expect(unpack(each, pack(each, value))).toEqual(value);
        }
      }
      const names: string[] = [];
      for (const each in []) names.push(each);
      expect(names).toEqual([]);
      expect(Object.getOwnPropertySymbols(Array.prototype.pop)).toEqual([]);
    },
  );
});

test('objects with dates and sets have shapes, instances with names of their own have none', () => {
  const shapes = new ShapeDictionary();
  const encoder = new MsgpackEncoder(shapes);
  const encodings = (value: unknown): number[] => [1, 2, 3, 4].map(() => encoder.encode(value));
  expect(encodings({ at: new DateValue(5), tags: new Set(['a']) }).at(-1)).toBe(ENCODING_SHAPES);
  class Point {
    x = 1;
  }
  expect(new Set(encodings({ point: new Point() }))).toEqual(new Set([ENCODING_MSGPACK]));
});

describe('many shapes', () => {
  test('are numbered as long as the list does not outgrow its bytes', () => {
    const values = Array.from({ length: 20 }, (_, index) => ({ [`a name ${index}`]: index }));
    const shapes = new ShapeDictionary();
    shapes.bytesMax = 100;
    for (let time = 0; time < 4; time++) for (const value of values) shapes.pack(value);
    expect(shapes.count).toBeGreaterThan(5);
    expect(shapes.encode().length).toBeLessThanOrEqual(100);
    for (const value of values) expect(unpack(shapes, pack(shapes, value))).toEqual(value);
  });

  test('past the limit are written plain', () => {
    const values = Array.from({ length: 100 }, (_, index) => ({ [`name${index}`]: index }));
    const shapes = knowing(...values);
    expect(shapes.count).toBe(SHAPES_MAX);
    for (const value of values) expect(unpack(shapes, pack(shapes, value))).toEqual(value);
  });

  test('that come once each are admitted never, and soon no longer looked for', () => {
    const shapes = new ShapeDictionary();
    let plain = 0;
    for (let index = 0; index < 10_000; index++) {
      const value = { [`id${index}`]: { [`of${index}`]: 1 } };
      if (shapes.isWorthwhile) expect(unpack(shapes, pack(shapes, value))).toEqual(value);
      else plain++;
    }
    expect(shapes.count).toBe(0);
    expect(plain).toBeGreaterThan(9_000);
  });

  test('in random order: every value is read back, early ones too', () => {
    const random = new SeededRandom(3);
    const shapes = new ShapeDictionary();
    const written: [unknown, Uint8Array][] = [];
    for (let index = 0; index < 3_000; index++) {
      const value = {
        [`n${random.below(random.chance(0.5) ? 5 : 500)}`]: index,
        v: [{ a: index }],
      };
      written.push([value, pack(shapes, value)]);
    }
    for (const [value, packed] of written) expect(unpack(shapes, packed)).toEqual(value);
  });
});

describe('a value whose getter', () => {
  test('throws leaves a dictionary that says what it holds', () => {
    const shapes = new ShapeDictionary();
    const bad = {
      inner: { p: 1, q: 2 },
      get bad(): never {
        throw new Error('no');
      },
    };
    for (let time = 0; time < 3; time++) expect(() => shapes.pack(bad)).toThrow('no');
    const value = { p: 3, q: 4 };
    const packed = pack(shapes, value);
    const other = new ShapeDictionary();
    expect(other.adopt(shapes.encode())).toBe('known');
    expect(other.count).toBe(shapes.count);
    expect(unpack(other, packed)).toEqual(value);
  });

  test('writes another value is read back, and so is the other one', () => {
    const shapes = new ShapeDictionary();
    const inner: Uint8Array[] = [];
    const value = {
      first: { a: 1, b: 2 },
      get second(): number {
        inner.push(pack(shapes, { c: 3, d: { a: 5, b: 6 } }));
        return 7;
      },
    };
    for (let time = 0; time < 5; time++) {
      const packed = pack(shapes, value);
      expect(unpack(shapes, packed)).toEqual({ first: { a: 1, b: 2 }, second: 7 });
      const other = new ShapeDictionary();
      expect(other.adopt(shapes.encode())).not.toBe('conflict');
      if (shapes.count > 0) expect(unpack(other, packed)).toEqual({ ...value });
    }
    for (const each of inner) expect(unpack(shapes, each)).toEqual({ c: 3, d: { a: 5, b: 6 } });
  });
});

describe('adopting', () => {
  const one = { a: 1 };
  const two = { b: 2 };

  test('more shapes: they are known, and the numbers go on behind them', () => {
    const writer = knowing(one, two);
    const reader = knowing(one);
    expect(reader.adopt(writer.encode())).toBe('known');
    expect(reader.count).toBe(2);
    expect(unpack(reader, pack(writer, two))).toEqual(two);
    for (let time = 0; time < 3; time++) reader.pack({ c: 3 });
    expect(writer.adopt(reader.encode())).toBe('known');
    expect(unpack(writer, pack(reader, { c: 4 }))).toEqual({ c: 4 });
  });

  test('fewer shapes: nothing changes', () => {
    const shapes = knowing(one, two);
    expect(shapes.adopt(knowing(one).encode())).toBe('known');
    expect(shapes.count).toBe(2);
  });

  test('others: they count from here on', () => {
    const shapes = knowing(one);
    const others = knowing(two, one);
    expect(shapes.adopt(others.encode())).toBe('conflict');
    expect(unpack(shapes, pack(others, two))).toEqual(two);
  });

  test.each([
    ['no MessagePack', new Uint8Array([0xc1, 0xff])],
    ['a number', packPlain(7)],
    ['names that are numbers', packPlain([[1, 2]])],
    ['too many', packPlain(Array.from({ length: 32 }, (_, index) => [`n${index}`]))],
    ['__proto__', packPlain([['__proto__']])],
    ['nothing', new Uint8Array(0)],
  ])('%s: unreadable, and nothing changes', (_what, encoded) => {
    const shapes = knowing(one);
    expect(shapes.adopt(encoded)).toBe('unreadable');
    expect(unpack(shapes, pack(shapes, one))).toEqual(one);
    expect(shapes.count).toBe(1);
  });
});
