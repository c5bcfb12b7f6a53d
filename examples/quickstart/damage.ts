// For the quickstart's own test: does it notice a store that lost something?
import { closeSync, openSync, readdirSync, readSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

export function isDamagePlanted(): boolean {
  return process.env.HOLDFAST_QUICKSTART_DAMAGE === '1';
}

/**
 * Flips a bit in the middle of the largest file of the last opening, amid what was acknowledged.
 * Tells its name.
 */
export function damageNewestSegment(directory: string): string {
  const segments = readdirSync(directory).filter((name) => name.endsWith('.seg'));
  const epochOf = (name: string): string => name.slice(0, 'y-00000000'.length);
  const lastEpoch = segments.map(epochOf).sort().at(-1);
  const sizes = segments
    .filter((name) => epochOf(name) === lastEpoch)
    .map((name) => ({ name, size: statSync(join(directory, name)).size }))
    .sort((left, right) => right.size - left.size);
  const largest = sizes[0];
  if (largest === undefined) throw new Error(`no segment to damage in ${directory}`);
  const byte = new Uint8Array(1);
  const position = Math.floor(largest.size / 2);
  const file = openSync(join(directory, largest.name), 'r+');
  readSync(file, byte, 0, 1, position);
  byte[0]! ^= 1;
  writeSync(file, byte, 0, 1, position);
  closeSync(file);
  return largest.name;
}
