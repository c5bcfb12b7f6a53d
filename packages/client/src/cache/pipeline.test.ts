/**
 * Goal: many calls share a stream, each settles once and in time, and a break costs no more than it
 * must.
 * Method: a server in memory and a clock moved by hand; nothing sleeps, nothing touches a socket.
 * Not covered: the wire format (transport tests), throughput (measured by hand, see the README).
 */
import { getEventListeners } from 'node:events';
import { HoldfastError } from '@holdfast/core';
import type { CacheOperation } from '@holdfast/core/backend';
import { ManualClock, SeededRandom, settle } from '@holdfast/core/testing';
import { describe, expect, it } from 'vitest';
import { FakeBatchServer } from '../../test/fake-batch-server.ts';
import { type ConnectOptions, clientSettings } from '../connect-options.ts';
import { Pipeline } from './pipeline.ts';

const BROKEN = new HoldfastError('UNAVAILABLE', 'the stream broke');
const FOREVER = { deadlineMs: Number.POSITIVE_INFINITY, signal: undefined };

function setUp(options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const server = new FakeBatchServer();
  const settings = clientSettings({ batchOperationsMax: 4, batchesInFlightMax: 2, ...options });
  const pipeline = new Pipeline(server.open, { clock, random: new SeededRandom(3) }, settings);
  const within = (ms: number, signal?: AbortSignal) => ({
    deadlineMs: clock.monotonicMs() + ms,
    signal,
  });
  return { clock, server, pipeline, within };
}

function get(key: number): CacheOperation {
  return { kind: 'get', key: Uint8Array.of(key) };
}

function set(key: number, valueBytes = 1): CacheOperation {
  const value = { encoding: 'bytes', data: new Uint8Array(valueBytes) } as const;
  return { kind: 'set', key: Uint8Array.of(key), value };
}

function keysOf(operations: readonly CacheOperation[] = []): (number | undefined)[] {
  return operations.map((operation) => ('key' in operation ? operation.key[0] : undefined));
}

describe('batching', () => {
  it('sends calls of one turn together, in order, in batches of the allowed size', async () => {
    const { server, pipeline } = setUp();
    const calls = Array.from({ length: 10 }, (_, index) => pipeline.execute(set(index), FOREVER));
    await Promise.all(calls);
    expect(server.last.sizes).toEqual([4, 4, 2]);
    expect([...server.last.batches.values()].flatMap(keysOf)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
  });

  it('closes a batch when its bytes are enough, and sends what is larger on its own', async () => {
    const { server, pipeline } = setUp({ batchBytesMax: 100 });
    const sizes = [40, 40, 40, 500, 1];
    await Promise.all(sizes.map((bytes, index) => pipeline.execute(set(index, bytes), FOREVER)));
    expect(server.last.sizes).toEqual([2, 1, 1, 1]);
  });

  it('has no more batches unanswered than allowed', async () => {
    const { server, pipeline } = setUp();
    server.answers = false;
    for (let index = 0; index < 20; index++) void pipeline.execute(get(index), FOREVER);
    await settle();
    expect(server.last.sizes).toEqual([4, 4]);
    const [first] = server.last.batches.keys();
    server.last.events.onResults(
      first as number,
      Array.from({ length: 4 }, () => ({ kind: 'get', entry: undefined }) as const),
    );
    await settle();
    expect(server.last.sizes).toEqual([4, 4, 4]);
  });

  it('stops while the stream is full and goes on when it drains', async () => {
    const { server, pipeline } = setUp();
    server.isFull = true;
    const calls = Array.from({ length: 8 }, (_, index) => pipeline.execute(get(index), FOREVER));
    await settle();
    expect(server.last.sizes).toEqual([4]);
    server.isFull = false;
    server.last.events.onDrain();
    await Promise.all(calls);
    expect(server.last.sizes).toEqual([4, 4]);
  });

  it('refuses calls past the bound of pending bytes, and takes them again later', async () => {
    const { server, pipeline } = setUp({ pendingBytesMax: 100 });
    const first = pipeline.execute(set(1, 90), FOREVER);
    await expect(pipeline.execute(set(2, 90), FOREVER)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await first;
    await Promise.all([
      pipeline.execute(set(2, 45), FOREVER),
      pipeline.execute(set(3, 45), FOREVER),
    ]);
    // A single call is never too much.
    await pipeline.execute(set(4, 900), FOREVER);
    expect(server.last.sizes).toEqual([1, 2, 1]);
  });
});

describe('a call', () => {
  it('fails with UNAVAILABLE at its deadline, sent or not', async () => {
    const { server, pipeline, clock, within } = setUp();
    server.answers = false;
    const early = expect(pipeline.execute(get(1), within(50))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    const late = pipeline.execute(set(2), within(100));
    const lateEnd = expect(late).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await clock.advance(49);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(1);
    await early;
    await clock.advance(50);
    await lateEnd;
    // Late answers are ignored.
    const [id] = server.last.batches.keys();
    server.last.events.onResults(id as number, []);
  });

  it('is not held up by an earlier call with a later deadline', async () => {
    const { server, pipeline, clock, within } = setUp();
    server.answers = false;
    const patient = pipeline.execute(get(1), within(1_000));
    const end = expect(pipeline.execute(get(2), within(10))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await clock.advance(10);
    await end;
    server.last.events.onResults(1, [
      { kind: 'get', entry: undefined },
      { kind: 'get', entry: undefined },
    ]);
    expect(await patient).toMatchObject({ kind: 'get' });
  });

  it('leaves no listener on a signal that outlives it', async () => {
    const { pipeline } = setUp();
    const { signal } = new AbortController();
    await pipeline.execute(get(1), { ...FOREVER, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('is rejected with the reason of its signal, at once', async () => {
    const { server, pipeline } = setUp();
    server.answers = false;
    const abort = new AbortController();
    const limits = { ...FOREVER, signal: abort.signal };
    const sent = pipeline.execute(get(1), limits);
    await settle();
    const queued = pipeline.execute(get(2), limits);
    const reason = new Error('changed my mind');
    abort.abort(reason);
    await expect(sent).rejects.toBe(reason);
    await expect(queued).rejects.toBe(reason);
    await expect(pipeline.execute(get(3), limits)).rejects.toBe(reason);
    await settle();
    expect(server.last.sizes).toEqual([1]);
  });

  it('gets its own error, and leaves its neighbours alone', async () => {
    const { server, pipeline } = setUp();
    server.answers = false;
    const good = pipeline.execute(set(1), FOREVER);
    const bad = pipeline.execute(set(2), FOREVER);
    await settle();
    const error = new HoldfastError('NO_SPACE', 'full');
    server.last.events.onResults(1, [
      { kind: 'set', stored: true, version: 5n },
      { kind: 'error', error },
    ]);
    expect(await good).toEqual({ kind: 'set', stored: true, version: 5n });
    await expect(bad).rejects.toBe(error);
  });

  it('is asked again on its own when a common answer had no room for its value', async () => {
    const { server, pipeline } = setUp();
    server.answers = false;
    const calls = [get(1), get(2), set(3), get(4)].map((operation) =>
      pipeline.execute(operation, FOREVER),
    );
    await settle();
    const error = new HoldfastError('TOO_LARGE', 'no room');
    server.answers = true;
    server.last.events.onResults(1, [
      { kind: 'get', entry: undefined },
      { kind: 'error', error },
      { kind: 'error', error },
      { kind: 'error', error },
    ]);
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect([...server.last.batches.values()].map(keysOf)).toEqual([[1, 2, 3, 4], [2], [4]]);
  });

  it.each([
    ['too few results', []],
    ['results of another kind', [{ kind: 'delete', existed: true } as const]],
  ])('fails with UNAVAILABLE when the server answers with %s', async (_, results) => {
    const { server, pipeline } = setUp();
    server.answers = false;
    const call = pipeline.execute(get(1), FOREVER);
    await settle();
    server.last.events.onResults(1, results);
    await expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('a broken stream', () => {
  it('fails writes under way, repeats reads, and sends what was not sent', async () => {
    const { server, pipeline, clock } = setUp();
    server.answers = false;
    const calls = [get(1), set(2), get(3), set(4), get(5), get(6), get(7), get(8), set(9)].map(
      (operation) => pipeline.execute(operation, FOREVER),
    );
    const outcomes = Promise.allSettled(calls);
    await settle();
    expect(server.last.sizes).toEqual([4, 4]);
    server.answers = true;
    server.last.break(BROKEN);
    await clock.advance(1_000);
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      ...Array.from({ length: 5 }, () => 'fulfilled'),
    ]);
    // The reads first, in their order; then what had never been sent.
    expect([...server.last.batches.values()].flatMap(keysOf)).toEqual([1, 3, 5, 6, 7, 8, 9]);
  });

  it('is replaced after growing pauses, until the deadline of the last call', async () => {
    const { server, pipeline, clock, within } = setUp({ reconnectDelayMax: '400ms' });
    server.onConnect = (stream) => stream.break(BROKEN);
    const call = pipeline.execute(set(1), within(3_000));
    const end = expect(call).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: BROKEN });
    await clock.advance(3_000);
    await end;
    // 20, 40, … 400, each spread over its upper half: more than ten attempts and fewer than
    // twenty-five.
    expect(server.streams.length).toBeGreaterThan(10);
    expect(server.streams.length).toBeLessThan(25);
    const count = server.streams.length;
    await clock.advance(10_000);
    expect(server.streams.length).toBeLessThanOrEqual(count + 1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is replaced soon again once an answer has come', async () => {
    const { server, pipeline, clock } = setUp();
    for (let round = 0; round < 20; round++) {
      server.answers = false;
      const call = pipeline.execute(get(1), FOREVER);
      await settle();
      server.answers = true;
      server.last.break(BROKEN);
      // The shortest pause, though this is the twentieth break.
      await clock.advance(20);
      expect(await call).toMatchObject({ kind: 'get' });
    }
  });

  it('lets who hurries wait for one attempt, and for none while the last one has failed', async () => {
    const { server, pipeline, clock, within } = setUp();
    await pipeline.execute(get(0), FOREVER);
    server.onConnect = (stream) => stream.break(BROKEN);
    server.answers = false;
    const hurried = () => pipeline.execute(get(1), { ...within(60_000), isHurried: true });
    const unreachable = { code: 'UNAVAILABLE', cause: BROKEN };
    const onItsWay = expect(hurried()).rejects.toMatchObject(unreachable);
    await settle();
    server.last.break(BROKEN);
    await settle();
    expect(server.streams.length).toBe(1);
    await clock.advance(20);
    await onItsWay;
    expect(server.streams.length).toBe(2);
    // Nobody waits for a connection: who asks makes an attempt, after the pause.
    await expect(hurried()).rejects.toMatchObject(unreachable);
    expect(server.streams.length).toBe(2);
    server.onConnect = (stream) => stream.events.onOpen();
    server.answers = true;
    await clock.advance(40);
    await expect(hurried()).rejects.toMatchObject(unreachable);
    await settle();
    expect(await hurried()).toMatchObject({ kind: 'get' });
    expect([server.streams.length, clock.pendingTimers]).toEqual([3, 1]);
  });

  it('lets a write that was never sent go through once the server is back', async () => {
    const { server, pipeline, clock, within } = setUp();
    server.onConnect = (stream) => stream.break(BROKEN);
    const call = pipeline.execute(set(1), within(3_000));
    await clock.advance(500);
    server.onConnect = (stream) => stream.events.onOpen();
    await clock.advance(1_000);
    expect(await call).toMatchObject({ kind: 'set', stored: true });
  });

  it('fails everything at once when another attempt would fail as well', async () => {
    const { server, pipeline, clock } = setUp();
    const error = new HoldfastError('UNAVAILABLE', 'no such method');
    server.onConnect = (stream) => stream.break(error, true);
    await expect(pipeline.execute(get(1), FOREVER)).rejects.toBe(error);
    expect(clock.pendingTimers).toBe(0);
  });

  it('repeats reads one by one when their common answer was too large', async () => {
    const { server, pipeline, clock } = setUp();
    server.answers = false;
    const calls = [1, 2, 3].map((key) => pipeline.execute(get(key), FOREVER));
    await settle();
    const tooLarge = new HoldfastError('UNAVAILABLE', 'message larger than max', {
      details: { status: 'RESOURCE_EXHAUSTED' },
    });
    server.last.break(tooLarge);
    await clock.advance(100);
    expect(server.last.sizes).toEqual([1, 1]);
    // One of them alone is still too large: that one fails, the others do not.
    const [first] = server.last.batches.keys();
    server.last.events.onResults(first as number, [{ kind: 'get', entry: undefined }]);
    await settle();
    await calls[0];
    const failing = Promise.allSettled(calls);
    server.last.break(tooLarge);
    server.answers = true;
    await clock.advance(100);
    expect((await failing).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });

  it('is not heard any more once it is replaced', async () => {
    const { server, pipeline, clock } = setUp();
    server.answers = false;
    const call = pipeline.execute(get(1), FOREVER);
    await settle();
    const [old] = server.streams;
    old?.break(BROKEN);
    await clock.advance(100);
    old?.events.onResults(1, []);
    old?.break(BROKEN);
    expect(server.streams.length).toBe(2);
    server.last.events.onResults(2, [{ kind: 'get', entry: undefined }]);
    expect(await call).toEqual({ kind: 'get', entry: undefined });
  });
});

describe('close', () => {
  it('waits for what is under way, refuses what comes later, and leaves no timer', async () => {
    const { server, pipeline, clock, within } = setUp();
    await pipeline.execute(get(0), FOREVER);
    server.answers = false;
    const call = pipeline.execute(set(1), within(1_000));
    const closing = Promise.all([pipeline.close(), pipeline.close()]);
    await settle();
    await expect(pipeline.execute(get(2), FOREVER)).rejects.toMatchObject({ code: 'CLOSED' });
    server.last.events.onResults(2, [{ kind: 'set', stored: true, version: 1n }]);
    expect(await call).toMatchObject({ stored: true });
    await closing;
    expect(server.last.isOpen).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits five seconds at most', async () => {
    const { server, pipeline, clock } = setUp();
    await pipeline.execute(get(0), FOREVER);
    server.answers = false;
    const end = expect(pipeline.execute(set(1), FOREVER)).rejects.toMatchObject({ code: 'CLOSED' });
    const closing = pipeline.close();
    await clock.advance(5_000);
    await closing;
    await end;
    expect(clock.pendingTimers).toBe(0);
  });

  it('fails what waits for a server that is not there', async () => {
    const { server, pipeline, clock } = setUp();
    server.onConnect = (stream) => stream.break(BROKEN);
    const end = expect(pipeline.execute(set(1), FOREVER)).rejects.toMatchObject({ code: 'CLOSED' });
    await clock.advance(100);
    await pipeline.close();
    await end;
    expect(clock.pendingTimers).toBe(0);
  });
});
