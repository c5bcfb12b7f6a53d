// Goal: every error code is documented, and nothing is documented that cannot happen.
// Method: errors.md against the codes of core and the sidecar's table of statuses. Not covered:
// whether the text is right.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOLDFAST_ERROR_CODES, type HoldfastErrorCode } from '@holdfast/core';
import { expect, test } from 'vitest';
import { STATUS_OF_CODE } from '../packages/grpc-sidecar/src/status/status.ts';
import { GRPC_STATUS_NAMES } from './grpc-status-names.ts';

const text = readFileSync(join(import.meta.dirname, 'errors.md'), 'utf8');
const sections = text.split(/^## /m).slice(1);

test('errors.md has one heading for each code, in the order of the source', () => {
  expect(sections.map((section) => section.split('\n')[0])).toEqual([...HOLDFAST_ERROR_CODES]);
});

test.each(sections.map((section) => [section.split('\n')[0]!, section]))(
  '%s says who sees it, whether to retry, whether it is fatal, its gRPC status, and an example',
  (_code, section) => {
    for (const word of ['Seen by', 'Retry', 'Fatal', 'gRPC', 'Example']) {
      expect(section).toContain(`**${word}**`);
    }
  },
);

test.each(sections.map((section) => [section.split('\n')[0] as HoldfastErrorCode, section]))(
  '%s has the gRPC status that the sidecar sends',
  (code, section) => {
    const [, documented] = section.match(/\*\*gRPC\*\* `([A-Z_]+)`/)!;
    expect(documented).toBe(GRPC_STATUS_NAMES[STATUS_OF_CODE[code].code]);
  },
);
