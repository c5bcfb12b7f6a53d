import { InvalidArgumentError } from '@holdfast/core';

/** The text's bytes in UTF-8. Throws `INVALID_ARGUMENT` if they are more than `bytesMax`. */
export function assertTextSize(text: string, bytesMax: number, field: string): number {
  const size = Buffer.byteLength(text);
  if (size <= bytesMax) return size;
  throw new InvalidArgumentError(`${field} is too long: ${bytesMax} bytes are allowed`, { field });
}
