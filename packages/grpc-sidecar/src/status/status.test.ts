// Goal: every error of Holdfast has the gRPC status and the details that clients and the README
// rely on.
// Method: the table, row by row, through the encoder and back. Not covered: which call answers with
// which error.
import { readFileSync } from 'node:fs';
import { status as StatusCode } from '@grpc/grpc-js';
import { HOLDFAST_ERROR_CODES, HoldfastError, InvalidArgumentError } from '@holdfast/core';
import { loadHoldfastProtos } from '@holdfast/protos';
import { describe, expect, test } from 'vitest';
import { encodeStatus, STATUS_OF_CODE, STATUS_OF_REASON, serviceError } from './status.ts';

const { status, errorInfo, badRequest, retryInfo } = loadHoldfastProtos();

describe.each(HOLDFAST_ERROR_CODES)('%s', (code) => {
  const row = STATUS_OF_CODE[code];

  test('is sent with its reason, its code and its details', () => {
    const error = new HoldfastError(code, 'it failed', {
      details: { limit: 7n, path: '/x', no: undefined },
    });
    const sent = serviceError(error);
    expect(sent).toMatchObject({ code: row.code, details: `${code}: it failed` });
    const decoded = status.deserialize(sent.metadata.get('grpc-status-details-bin')[0] as Buffer);
    expect(decoded).toMatchObject({ code: row.code, message: `${code}: it failed` });
    expect(errorInfo.deserialize(decoded.details[0]!.value)).toEqual({
      domain: 'holdfast.dev',
      reason: row.reason ?? code,
      metadata: { code, limit: '7', path: '/x' },
    });
  });

  test('says when to try again, if that helps', () => {
    const decoded = status.deserialize(encodeStatus(new HoldfastError(code, 'x')));
    const retry = decoded.details.find((any) => any.type_url.endsWith('RetryInfo'));
    expect(retry !== undefined).toBe(row.retryAfterMs !== undefined);
    if (retry === undefined) return;
    const { retryDelay } = retryInfo.deserialize(retry.value);
    expect(Number(retryDelay!.seconds) * 1_000).toBe(row.retryAfterMs);
  });

  test('is in the README as it is in the table', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme).toContain(
      `| \`${code}\` | \`${StatusCode[row.code]}\` | \`${row.reason ?? code}\` |`,
    );
  });
});

test.each(Object.entries(STATUS_OF_REASON))(
  'the reason %s decides before its code',
  (reason, row) => {
    const error = new HoldfastError('LEASE_LOST', 'x', { details: { reason } });
    const decoded = status.deserialize(encodeStatus(error));
    expect(decoded.code).toBe(row.code);
    const info = errorInfo.deserialize(decoded.details[0]!.value);
    expect(info).toMatchObject({ reason: row.reason ?? reason, metadata: { code: 'LEASE_LOST' } });
  },
);

test('a wrong argument names its field', () => {
  const error = new InvalidArgumentError('the ttl is negative', { field: 'session_ttl' });
  const decoded = status.deserialize(encodeStatus(error));
  const bad = badRequest.deserialize(decoded.details[1]!.value);
  expect(bad.fieldViolations).toMatchObject([{ field: 'session_ttl' }]);
});

test('what clients can put into an error fits into trailers and is well-formed', () => {
  const details = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`d${index}`, 'x'.repeat(10_000)]),
  );
  const error = new HoldfastError('IO', `\uD800${'y'.repeat(10_000)}\uDC00`, { details });
  const sent = serviceError(error);
  expect(() => encodeURI(sent.details)).not.toThrow();
  expect((sent.metadata.get('grpc-status-details-bin')[0] as Buffer).length).toBeLessThan(6_000);
});

test('reasons of other objects do not count', () => {
  const error = new HoldfastError('IO', 'x', { details: { reason: 'constructor' } });
  expect(status.deserialize(encodeStatus(error)).code).toBe(StatusCode.INTERNAL);
});
