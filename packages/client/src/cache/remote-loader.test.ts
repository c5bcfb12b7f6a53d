// Goal: getOrSet gives the loader's value whatever the server does, and stores nothing that it may
// not.
// Method: a pipeline and streams that are told what to answer, and a clock that is moved by hand.
// Not covered: a server (get-or-set.test.ts, cache-conformance.test.ts).
import { HoldfastError } from '@holdfast/core';
import type { CacheOperation, CacheOperationResult } from '@holdfast/core/backend';
import { ManualClock, SeededRandom, settle } from '@holdfast/core/testing';
import { beforeEach, expect, it } from 'vitest';
import { answer } from '../../test/fake-batch-server.ts';
import type { FillOutcome, FillRequest, FillStream } from './fill-stream.ts';
import { RemoteLoader } from './remote-loader.ts';

const LOST = new HoldfastError('UNAVAILABLE', 'its time is over');

class FakeFill implements FillStream {
  readonly request: FillRequest;
  tell: (outcome: FillOutcome) => void = () => {};
  end: () => void = () => {};
  error: HoldfastError | undefined;
  isClosed = false;
  readonly outcome = new Promise<FillOutcome>((resolve) => {
    this.tell = resolve;
  });
  readonly ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  constructor(request: FillRequest) {
    this.request = request;
  }

  close(): void {
    this.isClosed = true;
  }
}

let fills: FakeFill[];
let executed: CacheOperation[];
let errors: HoldfastError[];
let answers: (operation: CacheOperation) => CacheOperationResult;
let loader: RemoteLoader;

beforeEach(() => {
  fills = [];
  executed = [];
  errors = [];
  answers = answer;
  loader = new RemoteLoader({
    pipeline: {
      execute: async (operation) => {
        executed.push(operation);
        const result = answers(operation);
        if (result.kind === 'error') throw result.error;
        return result;
      },
    },
    fills: {
      open: (request) => {
        const fill = new FakeFill(request);
        fills.push(fill);
        return fill;
      },
      close: () => {},
    },
    system: { clock: new ManualClock(), random: new SeededRandom(1) },
    timeoutMs: 5_000,
    onError: (error) => errors.push(error),
    defaultTtlMs: async () => 1_000,
  });
});

function kinds(): string[] {
  return executed.map(({ kind }) => kind);
}

it('a load whose lease is lost meanwhile is given, not sent, and told to onError', async () => {
  let finish: (value: unknown) => void = () => {};
  const loaded = new Promise((resolve) => {
    finish = resolve;
  });
  const asking = loader.getOrSet('a', () => loaded, {});
  await settle();
  fills[0]!.tell({ kind: 'lease', token: 7n });
  await settle();
  fills[0]!.error = LOST;
  fills[0]!.end();
  finish('late');
  expect(await asking).toBe('late');
  await settle();
  expect([kinds(), errors]).toEqual([['get'], [LOST]]);
});

it('a value that cannot be read is loaded as one that is not there', async () => {
  const damaged = new HoldfastError('CORRUPT', 'damaged');
  answers = (operation) =>
    operation.kind === 'get' ? { kind: 'error', error: damaged } : answer(operation);
  const asking = loader.getOrSet('a', () => 'new', {});
  await settle();
  fills[0]!.tell({ kind: 'lease', token: 7n });
  expect(await asking).toBe('new');
  expect(executed[1]).toMatchObject({ kind: 'set', fillToken: 7n });
  expect([errors, fills[0]!.isClosed]).toEqual([[damaged], true]);
});
