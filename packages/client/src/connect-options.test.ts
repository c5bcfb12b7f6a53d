/**
 * Goal: options out of range or unknown are refused by name before anything is connected.
 * Method: a table. Not covered: what each option does.
 */
import { describe, expect, it } from 'vitest';
import { clientSettings } from './connect-options.ts';

describe('clientSettings', () => {
  it('has a default for everything, and takes durations as text', () => {
    expect(clientSettings()).toMatchObject({ timeoutMs: 5_000, sessionTtlMs: 15_000 });
    expect(clientSettings({ timeout: '1.5s', sessionTtl: '1h' })).toMatchObject({
      timeoutMs: 1_500,
      sessionTtlMs: 3_600_000,
    });
  });

  it.each([
    { clientNme: 'x' },
    { clientName: '' },
    { clientName: 'x'.repeat(257) },
    { clientName: 1 },
    { metadata: { pod: 1 } },
    { metadata: null },
    { connectTimeout: -1 },
    { timeout: 'soon' },
    { timeout: Number.NaN },
    { sessionTtl: '99ms' },
    { sessionTtl: '25h' },
    { sessionTtl: Number.POSITIVE_INFINITY },
    { reconnectDelayMax: 0 },
    { signal: {} },
    { batchOperationsMax: 0 },
    { batchOperationsMax: 1.5 },
    { batchOperationsMax: 1_025 },
    { batchBytesMax: '1' },
    { batchesInFlightMax: -1 },
    { pendingBytesMax: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => clientSettings(options as never)).toThrow('INVALID_ARGUMENT');
  });

  it.each([null, 7, 'options'])('refuses %j in place of options', (options) => {
    expect(() => clientSettings(options as never)).toThrow('INVALID_ARGUMENT');
  });
});
