// Goal: GetOrLease makes one caller the loader and gives the others its value, and a caller that
// ends its stream, or whose time is over, is followed by the next.
// Method: grpc-js clients against the real cache in memory; its clock stands still until moved.
// Not covered: what wins over a load (core's fills.test.ts), loaders in programs of their own (the
// client's tests).
import { type ClientReadableStream, status as StatusCode } from '@grpc/grpc-js';
import type {
  BatchResponse__Output,
  GetOrLeaseResponse__Output,
  GetStatsResponse__Output,
  SetResponse__Output,
} from '@holdfast/protos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FillCalls } from '../src/cache/fill-calls.ts';
import { decodeError, failure, type TestClient, TestStream } from './test-client.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const KEY = Buffer.from('k');

let running: TestServer;
let client: TestClient;
beforeEach(async () => {
  running = await startTestServer();
  client = running.clients.tcp;
});
afterEach(() => running[Symbol.asyncDispose]());

class Asking {
  readonly call: ClientReadableStream<GetOrLeaseResponse__Output>;
  readonly stream: TestStream<GetOrLeaseResponse__Output>;

  constructor(request: object = {}, options: object = {}) {
    this.call = client.cache.getOrLease({ key: KEY, ...request }, options);
    this.stream = new TestStream(this.call);
  }

  async token(): Promise<string> {
    const { lease } = await this.stream.hear();
    return lease!.token;
  }

  async text(): Promise<string> {
    const { entry } = await this.stream.hear();
    expect(await this.stream.ended).toBeUndefined();
    return String(entry!.value!.data);
  }

  async failure(): Promise<object> {
    return decodeError((await this.stream.ended)!);
  }
}

function set(text: string, more: object = {}): Promise<SetResponse__Output> {
  const value = { data: Buffer.from(text), encoding: 'ENCODING_TEXT' };
  return client.call('cache', 'set', { key: KEY, value, ...more });
}

/** A caller that waits, once the server has it. */
async function waiting(request: object = {}, options: object = {}): Promise<Asking> {
  const asking = new Asking(request, options);
  // A call on the same connection that was sent later is handled later.
  await client.call('cache', 'get', { key: KEY });
  return asking;
}

test('one of many loads, by the pipeline as well, and all are given its value', async () => {
  const leader = new Asking();
  expect(await leader.stream.hear()).toMatchObject({
    outcome: 'lease',
    lease: { token: expect.stringMatching(/^[1-9]/), ttl: { seconds: '300', nanos: 0 } },
  });
  const others = await Promise.all([waiting(), waiting(), waiting()]);
  const second = new Asking();
  leader.call.cancel();
  const token = await others[0]!.token();
  const value = { data: Buffer.from('v') };
  const operations = [{ set: { key: KEY, value, fillToken: token } }, { get: { key: KEY } }];
  const { results } = await client.call<BatchResponse__Output>('cache', 'batch', { operations });
  expect(results).toMatchObject([{ set: { stored: true } }, { get: { entry: {} } }]);
  expect(await others[0]!.stream.ended).toBeUndefined();
  for (const other of [others[1]!, others[2]!, second]) expect(await other.text()).toBe('v');
  expect(await new Asking().text()).toBe('v');
});

test('a caller that is cancelled or late gives up, and its value is not stored', async () => {
  const tokens: string[] = [];
  const leader = new Asking();
  tokens.push(await leader.token());
  const late = await waiting({}, { deadline: Date.now() + 250 });
  const third = await waiting();
  leader.call.cancel();
  tokens.push(await late.token());
  expect(await late.stream.ended).toMatchObject({ code: StatusCode.DEADLINE_EXCEEDED });
  const token = await third.token();
  for (const old of tokens) {
    expect(await set('old', { fillToken: old })).toEqual({ stored: false, version: '0' });
  }
  const { stored, version } = await set('v', { fillToken: token });
  expect(stored).toBe(true);
  expect(await set('again', { fillToken: token })).toEqual({ stored: false, version });
  expect(await third.stream.ended).toBeUndefined();
});

test('when its time is over a caller is told so, and the next one loads', async () => {
  const leader = new Asking({ fillTtl: { seconds: 1 } });
  const old = await leader.token();
  const next = await waiting();
  await running.clock.advance(1_000);
  expect(await leader.failure()).toMatchObject({ code: StatusCode.UNAVAILABLE });
  const token = await next.token();
  expect(await set('new', { fillToken: token })).toMatchObject({ stored: true });
  expect(await set('old', { fillToken: old })).toMatchObject({ stored: false });
  expect(await new Asking().text()).toBe('new');
});

test('a delete during the load wins', async () => {
  const leader = new Asking();
  const token = await leader.token();
  const waiter = await waiting();
  await client.call('cache', 'delete', { key: KEY });
  const later = new Asking();
  const newer = await later.token();
  expect(await set('old', { fillToken: token })).toEqual({ stored: false, version: '0' });
  const { entry } = await waiter.stream.hear();
  expect(entry).toMatchObject({ value: { data: Buffer.from('old') }, version: '0' });
  expect(await client.call('cache', 'get', { key: KEY })).toEqual({ entry: null, isStale: false });
  await set('new', { fillToken: newer });
  expect(await later.stream.ended).toBeUndefined();
});

test('who finds none tells all who wait, and for as long as it says all who ask', async () => {
  const leader = new Asking();
  const token = await leader.token();
  const waiters = [await waiting(), await waiting()];
  const none = (more: object) => client.call('cache', 'delete', { key: KEY, ...more });
  expect(await none({ fillToken: token })).toEqual({ existed: false });
  expect(await leader.stream.ended).toBeUndefined();
  for (const waiter of waiters) {
    expect(await waiter.stream.hear()).toMatchObject({ outcome: 'absent', absent: true });
    expect(await waiter.stream.ended).toBeUndefined();
  }
  const next = new Asking();
  const later = await next.token();
  await none({ fillToken: token, negativeTtl: { seconds: 60 } });
  await none({ fillToken: later, negativeTtl: { seconds: 1 } });
  const isAbsent = async () => (await new Asking().stream.hear()).absent ?? false;
  expect([await isAbsent(), await isAbsent()]).toEqual([true, true]);
  await running.clock.advance(1_000);
  expect(await isAbsent()).toBe(false);
  // A live value is no matter of a load that is over.
  await set('v');
  await none({ fillToken: later });
  expect(await new Asking().text()).toBe('v');
  for (const bad of [{ negativeTtl: { seconds: 1 } }, { fillToken: '1', negativeTtl: {} }]) {
    expect(await failure(none(bad))).toMatchObject({
      code: StatusCode.INVALID_ARGUMENT,
      reason: 'INVALID_TTL',
    });
  }
});

test('a server that drains ends all calls with UNAVAILABLE, and takes no new ones', async () => {
  const leader = new Asking();
  await leader.token();
  const waiter = await waiting();
  const closing = running.server.close();
  for (const each of [leader, waiter]) {
    expect(await each.failure()).toMatchObject({
      code: StatusCode.UNAVAILABLE,
      reason: 'SERVER_DRAINING',
    });
  }
  await running.clock.advance(1_000);
  await closing;
});

test('the figures tell of reads, of loads, and of calls that are open', async () => {
  const stats = async () => {
    const { cache, server } = await client.call<GetStatsResponse__Output>('admin', 'getStats', {});
    const { hits, misses, loads } = cache!;
    return { hits, misses, loads, fillCalls: server!.fillCalls };
  };
  const leader = new Asking();
  const token = await leader.token();
  await waiting();
  expect(await stats()).toEqual({ hits: '0', misses: '3', loads: '1', fillCalls: 2 });
  await set('v', { fillToken: token });
  expect(await new Asking().text()).toBe('v');
  await client.call('cache', 'get', { key: KEY });
  expect(await stats()).toMatchObject({ hits: '2', misses: '3', loads: '1' });
});

test('bad requests are refused', async () => {
  const failureOf = (request: object) => new Asking(request).failure();
  expect(await failureOf({ key: Buffer.alloc(65_537) })).toMatchObject({
    code: StatusCode.RESOURCE_EXHAUSTED,
    reason: 'TOO_LARGE',
  });
  for (const fillTtl of [
    { seconds: 0 },
    { nanos: 99_000_000 },
    { seconds: 86_401 },
    { seconds: -1 },
  ]) {
    expect(await failureOf({ fillTtl })).toMatchObject({
      code: StatusCode.INVALID_ARGUMENT,
      reason: 'INVALID_TTL',
    });
  }
  const asking = new Asking();
  await asking.token();
  asking.call.cancel();
  expect(await failure(set('v', { fillToken: '1', fence: {} }))).toMatchObject({
    code: StatusCode.INVALID_ARGUMENT,
  });
});

test('there is a bound to how many calls are open', async () => {
  const calls = new FillCalls(running.backends.cache, running.clock, { callsMax: 2 });
  const outcomes: object[] = [];
  const start = () => {
    const listeners = new Map<string, () => void>();
    const call = {
      request: { key: KEY, fillTtl: null },
      on: (event: string, listener: () => void) => listeners.set(event, listener),
      write: (answer: object) => outcomes.push(answer),
      end: () => {},
      emit: (_: string, error: Parameters<typeof decodeError>[0]) =>
        outcomes.push(decodeError(error)),
    };
    calls.handle(call as never);
    return () => listeners.get('cancelled')!();
  };
  const ends = [start(), start(), start()];
  await new Promise(setImmediate);
  expect(outcomes).toMatchObject([{ lease: {} }, { reason: 'WAIT_QUEUE_FULL' }]);
  ends[0]!();
  await new Promise(setImmediate);
  expect([outcomes.length, calls.openCount]).toEqual([3, 1]);
  ends[1]!();
  await new Promise(setImmediate);
  expect(calls.openCount).toBe(0);
});

test('a value for many goes out piece by piece, and past who does not read', async () => {
  const { backends, clock } = running;
  const bytesMax = 2_500;
  const calls = new FillCalls(backends.cache, clock, { bytesMax });
  const sent: (() => void)[] = [];
  const ends: string[] = [];
  const start = (name: string) => {
    const listeners = new Map<string, () => void>();
    const call = {
      request: { key: KEY, fillTtl: null },
      on: (event: string, listener: () => void) => listeners.set(event, listener),
      write: (answer: object, onSent: () => void) => 'entry' in answer && sent.push(onSent),
      end: () => ends.push(name),
      emit: () => ends.push(`${name} failed`),
    };
    calls.handle(call as never);
    return () => listeners.get('cancelled')!();
  };
  await set('x'.repeat(1_000));
  const turns = async (): Promise<void> => {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
  };
  const cancels = ['a', 'b', 'c', 'd', 'e', 'f'].map(start);
  await turns();
  expect([sent.length, ends]).toEqual([2, []]);
  sent[0]!();
  await turns();
  expect([sent.length, ends]).toEqual([3, ['a']]);
  // One on its way and one that waits leave.
  cancels[1]!();
  cancels[4]!();
  await turns();
  expect([sent.length, ends, calls.openCount]).toEqual([4, ['a'], 3]);
  // Nobody reads.
  await clock.advance(10_000);
  await turns();
  expect([sent.length, ends, calls.openCount]).toEqual([5, ['a', 'c', 'd'], 1]);
  calls.drain();
  await turns();
  expect([ends, calls.openCount]).toEqual([['a', 'c', 'd', 'f failed'], 0]);
});
