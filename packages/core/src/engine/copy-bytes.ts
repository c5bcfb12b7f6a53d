/** Below this a loop beats making a view. Hot. */
const LOOP_BYTES_MAX = 48;

export function copyBytes(
  source: Uint8Array,
  start: number,
  count: number,
  target: Uint8Array,
  at: number,
): void {
  if (count > LOOP_BYTES_MAX) {
    target.set(source.subarray(start, start + count), at);
    return;
  }
  for (let index = 0; index < count; index++) target[at + index] = source[start + index] as number;
}
