/** What a history's dice decide about a single write. */
import type { Durability } from '../src/backend/cache-backend.ts';
import type { SeededRandom } from '../src/testing/index.ts';
import { LARGEST_VALUE } from './history-bounds.ts';

export const TAGS = ['red', 'green', 'blue'] as const;

export function chooseValue(random: SeededRandom, key: string, number: number): string {
  const size = random.chance(0.03)
    ? random.below(LARGEST_VALUE)
    : random.below(random.chance(0.2) ? 900 : 120);
  return `${key}#${number}`.padEnd(size, 'x');
}

/** Half of all values have tags, one or two. */
export function chooseTags(random: SeededRandom): string[] {
  const count = random.chance(0.5) ? 1 + random.below(2) : 0;
  return Array.from({ length: count }, () => chooseTag(random));
}

export function chooseTag(random: SeededRandom): string {
  return TAGS[random.below(TAGS.length)] as string;
}

export function chooseDurability(random: SeededRandom): Durability {
  return (['buffered', 'buffered', 'written', 'synced'] as const)[random.below(4)] as Durability;
}
