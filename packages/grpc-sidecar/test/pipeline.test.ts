// Goal: Pipeline answers every batch once under its id, bounds what is in flight, and survives
// wrong batches.
// Method: a grpc-js client against a server whose cache answers when the test says so.
// Not covered: speed (benchmarks/), draining (drain.test.ts).
import { status as StatusCode } from '@grpc/grpc-js';
import type { PipelineRequest, PipelineResponse__Output } from '@holdfast/protos';
import { expect, test } from 'vitest';
import { decodeError, decodeStatus, type TestClient } from './test-client.ts';
import { startTestServer } from './test-server.ts';

const GET = { get: { key: Buffer.from('k') } };

test('answers each batch once, under its own id', async () => {
  await using running = await startTestServer();
  const batches = Array.from({ length: 300 }, (_, id) => ({
    id,
    operations: new Array(id % 5).fill(GET),
  }));
  const answers = await exchange(running.clients.tcp, batches);
  expect(answers.map(({ id }) => id).sort((a, b) => a - b)).toEqual(batches.map(({ id }) => id));
  for (const { id, results } of answers) expect(results).toHaveLength(id % 5);
});

test('executes batches in the order they were sent, also large ones', async () => {
  await using running = await startTestServer();
  const set = (text: string) => ({
    set: { key: Buffer.from('k'), value: { data: Buffer.from(text) } },
  });
  const answers = await exchange(running.clients.unix, [
    { id: 1, operations: [set('first')] },
    { id: 2, operations: [...new Array(999).fill(GET), set('second')] },
    { id: 3, operations: [GET] },
  ]);
  const last = answers.find(({ id }) => id === 3)!;
  expect(String(last.results[0]!.get!.entry!.value!.data)).toBe('second');
  const [first] = answers.find(({ id }) => id === 2)!.results;
  expect(String(first!.get!.entry!.value!.data)).toBe('first');
});

test('a batch with too many operations is refused, and the stream goes on', async () => {
  await using running = await startTestServer();
  const answers = await exchange(running.clients.tcp, [
    { id: 1, operations: new Array(10_001).fill(GET) },
    { id: 2, operations: [GET, {}, GET] },
  ]);
  const refused = answers.find(({ id }) => id === 1)!;
  expect(refused.results).toEqual([]);
  expect(decodeStatus(refused.error!)).toMatchObject({
    code: StatusCode.RESOURCE_EXHAUSTED,
    reason: 'TOO_LARGE',
  });
  const { results } = answers.find(({ id }) => id === 2)!;
  expect(results.map(({ result }) => result)).toEqual(['get', 'error', 'get']);
});

test('executes 32 batches at once and lets the others wait', async () => {
  await using running = await startTestServer();
  const { cache } = running.backends;
  let open = () => {};
  cache.gate = new Promise((resolve) => {
    open = resolve;
  });
  const stream = running.clients.tcp.cache.pipeline();
  for (let id = 1; id <= 500; id++) stream.write({ id, operations: [GET] });
  await expect.poll(() => cache.inFlightMost).toBe(32);
  // A call behind them on the same connection is answered: the server has read what it wants to
  // read.
  await running.clients.tcp.call('admin', 'getServerInfo', {});
  expect(cache.inFlightMost).toBe(32);
  open();
  let answered = 0;
  stream.on('data', () => {
    answered += 1;
  });
  stream.end();
  await new Promise((resolve) => stream.on('end', resolve));
  expect(answered).toBe(500);
  expect(cache.inFlightMost).toBe(32);
});

test('stops executing for a client that does not read', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  await tcp.call('cache', 'set', { key: Buffer.from('k'), value: { data: Buffer.alloc(100_000) } });
  const stream = tcp.cache.pipeline();
  stream.pause();
  const executed = async () => {
    const { server } = await tcp.call<{ server: { cacheOperations: string } }>(
      'admin',
      'getStats',
      {},
    );
    return Number(server.cacheOperations);
  };
  for (let id = 1; id <= 5_000; id++) stream.write({ id, operations: [GET] });
  let before = -1;
  let now = await executed();
  // Until it stands still; each turn is a call of its own, so this takes no fixed time.
  for (let still = 0; still < 20; still = now === before ? still + 1 : 0) {
    before = now;
    now = await executed();
  }
  expect(now).toBeLessThan(500);
  stream.on('error', () => {});
  stream.cancel();
  expect(await tcp.call('cache', 'get', { key: Buffer.from('x') })).toEqual({
    entry: null,
    isStale: false,
  });
});

test('a malformed batch ends the stream with INVALID_ARGUMENT, and the server goes on', async () => {
  await using running = await startTestServer();
  const { tcp } = running.clients;
  const stream = tcp.cache.makeBidiStreamRequest(
    '/holdfast.v1.CacheService/Pipeline',
    (bytes: Buffer) => bytes,
    (bytes: Buffer) => bytes,
  );
  stream.on('data', () => {});
  const ended = new Promise((resolve) =>
    stream.on('error', (error) => resolve(decodeError(error as never))),
  );
  stream.write(Buffer.from([0xff, 0xff, 0xff]));
  expect(await ended).toMatchObject({
    code: StatusCode.INVALID_ARGUMENT,
    reason: 'MALFORMED_MESSAGE',
  });
  expect(await tcp.call('cache', 'get', {})).toEqual({ entry: null, isStale: false });
});

/** Sends all batches, closes the sending side, and collects the answers. */
function exchange(
  client: TestClient,
  batches: readonly PipelineRequest[],
): Promise<PipelineResponse__Output[]> {
  const stream = client.cache.pipeline();
  const answers: PipelineResponse__Output[] = [];
  stream.on('data', (answer: PipelineResponse__Output) => answers.push(answer));
  for (const batch of batches) stream.write(batch);
  stream.end();
  return new Promise((resolve, reject) => {
    stream.on('end', () => resolve(answers));
    stream.on('error', reject);
  });
}
