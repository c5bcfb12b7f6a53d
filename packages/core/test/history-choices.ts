/** What a history's dice decide about a single write. */
import type { Durability } from '../src/backend/cache-backend.ts';
import { NEVER } from '../src/expiry/expiry.ts';
import type { SeededRandom } from '../src/testing/index.ts';
import { LARGEST_VALUE } from './history-bounds.ts';

const TAGS = ['red', 'green', 'blue'] as const;

function chooseValue(random: SeededRandom, key: string, number: number): string {
  const size = random.chance(0.03)
    ? random.below(LARGEST_VALUE)
    : random.below(random.chance(0.2) ? 900 : 120);
  return `${key}#${number}`.padEnd(size, 'x');
}

/** Where keys are: in none, or in a namespace; one of these is in another. */
export const SPACES = ['', 'a>', 'a>b>', 'c>'] as const;

/** What the first key of `a>` begins with in the files. */
const LIKE_A_NAMESPACE = '\u0001\u0000a';

/** The same few in each space, and as many that look like keys of a namespace, but are none. */
export function chooseKeys(count: number): string[] {
  const starts = [...SPACES, LIKE_A_NAMESPACE];
  const keyAt = (index: number): string =>
    `${starts[index % starts.length]}key-${Math.floor(index / starts.length)}`;
  return Array.from({ length: count }, (_, index) => keyAt(index));
}

/** How the model calls the tags of a value: one for each space that it is in, and its own. */
export function modelTags(space: string, tags: readonly string[]): string[] {
  const outer = SPACES.filter((each) => each !== '' && space.startsWith(each));
  return [...new Set(outer), ...tags.map((tag) => space + tag)];
}

/** What a set sets, besides its deadline. */
export function chooseSet(
  random: SeededRandom,
  key: string,
  number: number,
  expiresAtMs: number,
): { readonly value: string; readonly tags: string[]; readonly keptMs: number } {
  const value = chooseValue(random, key, number);
  return { value, tags: chooseTags(random), keptMs: chooseKeptMs(random, expiresAtMs) };
}

/** For how long past its deadline a value is kept: a quarter of all are. */
function chooseKeptMs(random: SeededRandom, expiresAtMs: number): number {
  if (expiresAtMs === NEVER || random.chance(0.5)) return 0;
  return random.chance(0.2) ? NEVER : 1 + random.below(random.chance(0.5) ? 300 : 20_000);
}

/** Of what is in `space`: what has the tag, or if that is empty all of it. */
export function chooseInvalidation(random: SeededRandom): {
  readonly space: string;
  readonly tag: string;
} {
  const space = SPACES[random.below(SPACES.length)] as string;
  return { space, tag: space !== '' && random.chance(0.5) ? '' : chooseTag(random) };
}

/** Half of all values have tags, one or two. */
function chooseTags(random: SeededRandom): string[] {
  const count = random.chance(0.5) ? 1 + random.below(2) : 0;
  return Array.from({ length: count }, () => chooseTag(random));
}

function chooseTag(random: SeededRandom): string {
  return TAGS[random.below(TAGS.length)] as string;
}

export function chooseDurability(random: SeededRandom): Durability {
  return (['buffered', 'buffered', 'written', 'synced'] as const)[random.below(4)] as Durability;
}
