export const KEY_COUNT = 10_000;
export const BATCH_OPERATIONS = 64;
export const VALUE = Buffer.alloc(100, 'v');

export function keyOf(index) {
  return Buffer.from(`user:${String(index).padStart(6, '0')}`);
}
