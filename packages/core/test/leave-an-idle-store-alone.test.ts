// Goal: a store of objects keeps what fits, and writes nothing while nobody does.
// Method: objects of many shapes with long names, in the small segments of a small store; then a
// minute of cleanup intervals.
// Not covered: what the shapes cost in time (benchmarks).
import { expect, test } from 'vitest';
import { MsgpackEncoder } from '../src/codec/msgpack-encoder.ts';
import { ShapeDictionary } from '../src/codec/shape-dictionary.ts';
import { openEngine } from '../src/engine/open-engine.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import { simulatedRuntime } from '../src/testing/index.ts';
import { TINY } from './engine-under-test.ts';

test('31 shapes of 30 long names each, 300 objects', async () => {
  const machine = simulatedRuntime();
  const shapes = new ShapeDictionary();
  const settings = { ...TINY, segmentBytes: undefined, onError: () => {} };
  const engine = await openEngine(machine, settings, shapes);
  const encoder = new MsgpackEncoder(shapes);
  for (let index = 0; index < 300; index++) {
    const fields = Array.from({ length: 30 }, (_, at) => [`shape ${index % 31} field ${at}`, at]);
    const encoding = encoder.encode(Object.fromEntries(fields));
    engine.keys.encode(`key-${index}`);
    const { data, start, length } = encoder;
    engine.put(encoding, data, start, length, NEVER, engine.clock.nowMs());
    if (index % 20 === 0) await engine.flush();
  }
  await engine.flush();
  expect(engine.size).toBe(300);
  expect(shapes.count).toBeGreaterThan(0);
  await machine.clock.advance(5_000);
  await engine.flush();
  const { bytesWritten, bytesLive } = engine.statistics();
  expect(bytesWritten).toBeLessThan(bytesLive * 2);
  await machine.clock.advance(60_000);
  expect(engine.statistics().bytesWritten).toBe(bytesWritten);
  await engine.close();
});
