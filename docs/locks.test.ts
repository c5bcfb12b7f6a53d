// Goal: docs/locks.md is right: its code runs, and its table of errors is the sidecar's.
// Method: run-snippets.ts; the document against the one table of statuses.
// Not covered: which call answers with which error (the sidecar's lock-errors.test.ts).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HoldfastError } from '@holdfast/core';
import { expect, test } from 'vitest';
import { STATUS_OF_REASON, statusOf } from '../packages/grpc-sidecar/src/status/status.ts';
import { GRPC_STATUS_NAMES } from './grpc-status-names.ts';
import { testSnippets } from './run-snippets.ts';

testSnippets('docs/locks.md', 4);

const rows = [
  ...readFileSync(join(import.meta.dirname, 'locks.md'), 'utf8').matchAll(
    /^\| [^|]+ \| `([A-Z_]+)`( \+ \w+)? \| `([A-Z_]+)` \|$/gm,
  ),
].map(([, status, detail, reason]) => ({ status, detail, reason: reason as string }));

test('the table of errors has every reason of the sidecar', () => {
  const documented = rows.map(({ reason }) => reason);
  // An attached stream finds out in two ways, and tells the client one.
  const reasons = Object.entries(STATUS_OF_REASON).map(([reason, row]) => row.reason ?? reason);
  expect(reasons.filter((reason) => !documented.includes(reason))).toEqual([]);
});

test.each(rows)('$reason is $status$detail', ({ status, detail, reason }) => {
  const error = new HoldfastError(codeOf(reason), 'x', { details: { reason } });
  const sent = statusOf(error);
  expect(GRPC_STATUS_NAMES[sent.code]).toBe(status);
  const details = sent.details.map(({ type_url }) => type_url.split('.').at(-1)).slice(1);
  expect(details).toEqual(detail === undefined ? [] : [detail.slice(3)]);
});

/** The code that carries it, where the reason alone does not decide. */
function codeOf(reason: string): HoldfastError['code'] {
  if (/^INVALID_|^LOCK_MODE/.test(reason)) return 'INVALID_ARGUMENT';
  if (reason === 'STALE_FENCING_TOKEN') return reason;
  if (reason === 'SERVER_DRAINING') return 'UNAVAILABLE';
  return reason === 'STORAGE_READ_ONLY' ? 'READ_ONLY' : 'LEASE_LOST';
}
