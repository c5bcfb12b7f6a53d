import { InvalidArgumentError } from '@holdfast/core';

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
  TiB: 1_099_511_627_776,
};

const PATTERN = /^(\d+(?:\.\d+)?) ?(KiB|MiB|GiB|TiB|)$/;

/**
 * Bytes of `'67108864' '64MiB' '1.5GiB'`, or `Infinity` of `'unlimited'`. Throws
 * `InvalidArgumentError` otherwise.
 */
export function parseByteSize(text: string): number {
  if (text === 'unlimited') return Number.POSITIVE_INFINITY;
  const match = PATTERN.exec(text);
  if (match !== null)
    return Math.floor(Number(match[1]) * (UNIT_BYTES[match[2] as string] as number));
  throw new InvalidArgumentError(
    `a size must be like 67108864, 64MiB, 1GiB or unlimited, got=${text}`,
  );
}
