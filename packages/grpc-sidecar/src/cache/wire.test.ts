// Goal: the decoders and encoders written by hand read and write what the protos say.
// Method: seeded random messages, against proto-loader's serialize and deserialize; random bytes;
// cut and mutated messages. Not covered: what the operations do (test/cache-service.test.ts).
import type { CacheOperationResult, ValueEncoding } from '@holdfast/core/backend';
import { SeededRandom } from '@holdfast/core/testing';
import { loadHoldfastProtos } from '@holdfast/protos';
import { describe, expect, test } from 'vitest';
import { BackwardWriter } from '../wire/backward-writer.ts';
import { MalformedMessage, tolerant } from '../wire/message-reader.ts';
import {
  type DecodedOperation,
  decodeBatch,
  decodeGetMany,
  decodePipelineBatch,
  decodeSet,
  decodeSetMany,
} from './operation-decoder.ts';
import {
  encodeBatchResponse,
  encodeGetManyResponse,
  encodePipelineResponse,
  encodeSetManyResponse,
} from './result-encoder.ts';

const { Pipeline, Batch, GetMany, SetMany } = loadHoldfastProtos().cacheService;
const NAMES: Readonly<Record<ValueEncoding, string>> = {
  bytes: 'ENCODING_BYTES',
  text: 'ENCODING_TEXT',
  json: 'ENCODING_JSON',
  msgpack: 'ENCODING_MSGPACK',
};
const ENCODINGS = Object.keys(NAMES) as ValueEncoding[];

describe.each([1, 2, 3, 4, 5])('SEED=%i', (seed) => {
  test('operations are what proto-loader encoded', () => {
    const random = new SeededRandom(seed);
    const pairs = Array.from({ length: 200 }, () => randomOperation(random));
    const bytes = Pipeline.requestSerialize({ id: 7, operations: pairs.map(([sent]) => sent) });
    const batch = decodePipelineBatch(bytes);
    expect(batch).toMatchObject({ id: 7, size: bytes.length });
    expect(batch.operations.map(plain)).toEqual(pairs.map(([, expected]) => plain(expected)));
    const inBatch = decodeBatch(
      Batch.requestSerialize({ operations: pairs.map(([sent]) => sent) }),
    );
    expect(inBatch.operations).toEqual(batch.operations);
  });

  test('proto-loader reads the results that were encoded', () => {
    const random = new SeededRandom(seed);
    const results = Array.from({ length: 200 }, () => randomResult(random));
    const expected = results.map(messageOf);
    const pipeline = Pipeline.responseDeserialize(encodePipelineResponse({ id: 9, results }));
    expect(pipeline.id).toBe(9);
    expect(pipeline.results).toMatchObject(expected);
    expect(Batch.responseDeserialize(encodeBatchResponse(results)).results).toMatchObject(expected);
    const gets = results.filter((result) => result.kind === 'get');
    expect(GetMany.responseDeserialize(encodeGetManyResponse(gets)).results).toMatchObject(
      gets.map((result) => {
        const { entry } = messageOf(result).get as { entry: object | null };
        return entry === null ? {} : { outcome: 'entry', entry };
      }),
    );
    const sets = results.filter((result) => result.kind === 'set');
    expect(SetMany.responseDeserialize(encodeSetManyResponse(sets)).results).toMatchObject(
      sets.map(messageOf),
    );
  });

  test('bytes that are no message are refused and never throw', () => {
    const random = new SeededRandom(seed);
    const decoders = [decodePipelineBatch, decodeBatch, decodeGetMany, decodeSetMany].map(tolerant);
    let refused = 0;
    for (let round = 0; round < 5_000; round++) {
      const bytes = Buffer.from(random.fill(new Uint8Array(random.below(60))));
      for (const decode of decoders) if (decode(bytes) instanceof MalformedMessage) refused += 1;
    }
    expect(refused).toBeGreaterThan(10_000);
  });

  test('a message that was cut or changed is refused or read as another, and never throws', () => {
    const random = new SeededRandom(seed);
    const decode = tolerant(decodePipelineBatch);
    const [sent] = randomOperation(random);
    const whole = Pipeline.requestSerialize({ id: 1, operations: [sent, sent, sent] });
    const outcomes = new Set<boolean>();
    for (let length = 0; length < whole.length; length++) decode(whole.subarray(0, length));
    for (let round = 0; round < 2_000; round++) {
      const changed = Buffer.from(whole);
      changed[random.below(changed.length)] = random.below(256);
      outcomes.add(decode(changed) instanceof MalformedMessage);
    }
    expect([...outcomes].sort()).toEqual([false, true]);
  });
});

test('unknown fields, and known ones of another type, are skipped', () => {
  const known = Pipeline.requestSerialize({
    id: 3,
    operations: [{ get: { key: Buffer.from('k') } }],
  });
  // Field 20 as a varint before it, field 2 as a fixed 32 bits after it.
  const bytes = Buffer.concat([
    Buffer.from([0xa0, 0x01, 0x05]),
    known,
    Buffer.from([0x15, 1, 2, 3, 4]),
  ]);
  expect(decodePipelineBatch(bytes)).toMatchObject({
    id: 3,
    operations: [{ kind: 'get', key: Buffer.from('k') }],
  });
});

test.each([
  ['Batch', decodeBatch, 0x0a],
  ['Pipeline', decodePipelineBatch, 0x12],
  ['GetMany', decodeGetMany, 0x0a],
  ['SetMany', decodeSetMany, 0x0a],
])('of a %s with too many operations the first 10,000 are read, all counted', (_, decode, tag) => {
  const batch = decode(Buffer.alloc(2_000_000, Buffer.from([tag, 0])));
  expect(batch.count).toBe(1_000_000);
  expect(batch.operations.length).toBe(10_000);
});

test('operations that are wrong for the same reason share one error', () => {
  const empty = decodeBatch(Buffer.alloc(4, Buffer.from([0x0a, 0x00]))).operations;
  expect(empty[0]).toMatchObject({ kind: 'invalid', error: { code: 'INVALID_ARGUMENT' } });
  expect(empty[1]).toBe(empty[0]);
  // One operation that says a million times that it is a set without a value.
  const sets = Buffer.alloc(2_000_000, Buffer.from([0x12, 0x00]));
  const writer = new BackwardWriter(sets.length);
  writer.bytesField(0x0a, sets);
  const startedAt = performance.now();
  expect(decodeBatch(writer.finish()).operations).toMatchObject([{ kind: 'invalid' }]);
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});

test('a set with a condition not known here is refused', () => {
  const set = [0x0a, 0x01, 0x6b, 0x12, 0x00];
  for (let number = 12; number <= 17; number++) {
    const tag = number < 16 ? [number << 3] : [0x80 | ((number << 3) & 0x7f), 1];
    const bytes = Buffer.from([0x0a, set.length + tag.length + 1, ...set, ...tag, 1]);
    const [operation] = decodeSetMany(bytes).operations;
    expect(operation?.kind, `field ${number}`).toBe(number < 16 ? 'invalid' : 'set');
  }
});

test.each([1n, 127n, 128n, 2n ** 53n + 1n, 2n ** 64n - 1n])('a fence of token %i', (token) => {
  const fenceOf = (lock: string) => ({ lock, token: String(token) });
  for (const lock of ['x', '日本語 🦀', '\uFEFF', 'x'.repeat(512)]) {
    const fences = decodePipelineBatch(pipelineOf(fenceOf(lock))).operations.map(
      (operation) => 'fence' in operation && operation.fence,
    );
    expect(fences).toEqual([1, 2, 3].map(() => ({ name: lock, token })));
  }
  for (const lock of ['', 'x'.repeat(513), '€'.repeat(171)]) {
    for (const operation of decodePipelineBatch(pipelineOf(fenceOf(lock))).operations) {
      expect(operation).toMatchObject({ error: { details: { reason: 'INVALID_LOCK_NAME' } } });
    }
  }
});

test.each([0n, 1n, 128n, 2n ** 53n + 1n, 2n ** 64n - 1n])('a fill token of %i', (fillToken) => {
  const set = { key: Buffer.from('k'), value: {}, fillToken: String(fillToken) };
  const sets = SetMany.requestSerialize({ sets: [set] });
  expect(decodeSetMany(sets).operations).toMatchObject([{ kind: 'set', fillToken }]);
});

test('a fence that is empty, or whose lock is not UTF-8, is refused rather than left out', () => {
  for (const fence of [[], [0x0a, 0x01, 0xff, 0x10, 0x01], [0x10, 0x01]]) {
    const bytes = Buffer.from([0x0a, 0x01, 0x6b, 0x12, 0x00, 0x42, fence.length, ...fence]);
    expect(decodeSet(bytes), String(fence)).toMatchObject({ kind: 'invalid' });
  }
});

/** A write of each kind. */
function pipelineOf(fence: object): Buffer {
  const key = Buffer.from('k');
  const value = { data: key, encoding: 'ENCODING_BYTES' } as const;
  return Pipeline.requestSerialize({
    id: 1,
    operations: [
      { set: { key, value, fence } },
      { delete: { key, fence } },
      { touch: { key, neverExpires: true, fence } },
    ],
  });
}

test('deeply nested groups are refused', () => {
  const bytes = Buffer.alloc(1_000_000, 0x9b);
  expect(tolerant(decodePipelineBatch)(bytes)).toBeInstanceOf(MalformedMessage);
});

test.each([
  0n,
  127n,
  128n,
  16_383n,
  16_384n,
  2_097_151n,
  2n ** 28n - 1n,
  2n ** 28n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
])('the number %i keeps every digit', (version) => {
  const results = [{ kind: 'set', stored: true, version } as const];
  const [read] = Batch.responseDeserialize(encodeBatchResponse(results)).results;
  expect(read?.set?.version).toBe(String(version));
});

test('the writer grows when more comes than was expected', () => {
  const writer = new BackwardWriter(0);
  for (let index = 0; index < 100; index++) writer.bytesField(0x0a, Buffer.alloc(50, index));
  const { operations } = decodeGetMany(writer.finish());
  expect(operations.map((operation) => (operation as { key: Uint8Array }).key[0])).toEqual(
    Array.from({ length: 100 }, (_, index) => 99 - index),
  );
});

/** What proto-loader gets, and what is to come out. */
function randomOperation(random: SeededRandom): [object, DecodedOperation] {
  const key = Buffer.from(random.fill(new Uint8Array(random.below(20))));
  switch (random.below(5)) {
    case 4: {
      const tags = Array.from({ length: random.below(20) }, (_, index) => `tag ${index}`);
      const durability = random.below(4);
      return [
        { invalidateTags: { tags, durability } },
        { kind: 'invalidate', tags, durability: durabilityOf(durability) },
      ];
    }
    case 0: {
      if (random.chance(0.5)) return [{ get: { key } }, { kind: 'get', key }];
      const staleMs = random.below(2 ** 45);
      return [{ get: { key, stale: secondsAndNanos(staleMs) } }, { kind: 'get', key, staleMs }];
    }
    case 1: {
      const [sent, ttlMs] = randomTtl(random);
      if (ttlMs === undefined) return randomOperation(random);
      return [{ touch: { key, ...sent } }, { kind: 'touch', key, ttlMs }];
    }
    case 2: {
      const durability = random.below(4);
      const fillToken = random.chance(0.5) ? 2n ** 63n + BigInt(random.below(1_000)) : undefined;
      const negativeTtlMs = fillToken === undefined ? undefined : 1 + random.below(2 ** 40);
      const fill =
        negativeTtlMs === undefined
          ? {}
          : { fillToken: String(fillToken), negativeTtl: secondsAndNanos(negativeTtlMs) };
      return [
        { delete: { key, durability, ...fill } },
        {
          kind: 'delete',
          key,
          durability: durabilityOf(durability),
          fillToken,
          negativeTtlMs,
        },
      ];
    }
    default:
      return randomSet(random, key);
  }
}

function randomSet(random: SeededRandom, key: Buffer): [object, DecodedOperation] {
  const encoding = ENCODINGS[random.below(4)]!;
  const data = Buffer.from(random.fill(new Uint8Array(random.below(300))));
  const [expiry, ttlMs] = randomTtl(random);
  const expiresAtMs = ttlMs === undefined && random.chance(0.5) ? random.below(2 ** 42) : undefined;
  const durability = random.below(4);
  const ifAbsent = random.chance(0.5);
  const at = expiresAtMs === undefined ? {} : { expiresAt: secondsAndNanos(expiresAtMs) };
  const fillToken = random.chance(0.5) ? 2n ** 64n - 1n : undefined;
  const tags = random.chance(0.5) ? ['é', 'x'.repeat(256)] : undefined;
  const keepMs = random.chance(0.5) ? random.below(2 ** 45) : undefined;
  const more = {
    ...(fillToken === undefined ? {} : { fillToken: String(fillToken) }),
    ...(tags === undefined ? {} : { tags }),
    ...(keepMs === undefined ? {} : { keep: secondsAndNanos(keepMs) }),
  };
  return [
    {
      set: {
        key,
        value: { data, encoding: NAMES[encoding] },
        durability,
        ifAbsent,
        ...expiry,
        ...at,
        ...more,
      },
    },
    {
      kind: 'set',
      key,
      value: { encoding, data },
      ttlMs,
      expiresAtMs,
      durability: durabilityOf(durability),
      ifAbsent,
      fillToken,
      tags,
      keepMs,
    },
  ];
}

function randomTtl(random: SeededRandom): [object, number | undefined] {
  const ttlMs = 1 + random.below(2 ** 45);
  if (random.chance(0.3)) return [{ neverExpires: true }, Number.POSITIVE_INFINITY];
  if (random.chance(0.3)) return [{}, undefined];
  return [{ ttl: secondsAndNanos(ttlMs) }, ttlMs];
}

function randomResult(random: SeededRandom): Exclude<CacheOperationResult, { kind: 'error' }> {
  switch (random.below(4)) {
    case 0:
      return {
        kind: 'set',
        stored: random.chance(0.5),
        version: BigInt(random.below(2 ** 50)) * 7_919n,
      };
    case 1:
      return { kind: 'delete', existed: random.chance(0.5) };
    case 2:
      return { kind: 'touch', existed: random.chance(0.5) };
    default: {
      if (random.chance(0.3)) return { kind: 'get', entry: undefined };
      const entry = {
        encoding: ENCODINGS[random.below(4)]!,
        data: random.fill(new Uint8Array(random.below(500))),
        version: BigInt(random.below(2 ** 50)) * 7_919n,
        createdAtMs: random.below(2 ** 42),
        expiresAtMs: random.chance(0.3) ? Number.POSITIVE_INFINITY : random.below(2 ** 45),
      };
      return { kind: 'get', entry };
    }
  }
}

function messageOf(result: CacheOperationResult): Record<string, unknown> {
  if (result.kind === 'error') throw result.error;
  if (result.kind === 'set') {
    return { set: { stored: result.stored, version: String(result.version) } };
  }
  if (result.kind === 'invalidate') return { invalidateTags: {} };
  if (result.kind !== 'get') return { [result.kind]: { existed: result.existed } };
  const { entry } = result;
  if (entry === undefined) return { get: { entry: null } };
  return {
    get: {
      entry: {
        value: { data: Buffer.from(entry.data), encoding: NAMES[entry.encoding] },
        version: String(entry.version),
        createdAt: secondsAndNanos(entry.createdAtMs),
        expiresAt: Number.isFinite(entry.expiresAtMs) ? secondsAndNanos(entry.expiresAtMs) : null,
      },
    },
  };
}

function secondsAndNanos(ms: number): { seconds: string; nanos: number } {
  const seconds = Math.floor(ms / 1_000);
  return { seconds: String(seconds), nanos: (ms - seconds * 1_000) * 1_000_000 };
}

function durabilityOf(number: number) {
  return ([undefined, 'buffered', 'written', 'synced'] as const)[number];
}

/** Views of a message compare as the bytes they show. */
function plain(operation: DecodedOperation): unknown {
  const text = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value);
  return JSON.parse(JSON.stringify(operation, text));
}
