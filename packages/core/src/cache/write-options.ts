/** The options that each kind of write knows. */
import type {
  ClearOptions,
  CompareAndSetOptions,
  SetOptions,
  TouchOptions,
  WriteOptions,
} from './entry.ts';

export const NO_OPTIONS: SetOptions = {};

export const CLEAR_OPTIONS: ReadonlySet<string> = new Set<keyof ClearOptions>(['fence']);
export const WRITE_OPTIONS: ReadonlySet<string> = new Set<keyof WriteOptions>([
  'durability',
  'fence',
]);
export const TOUCH_OPTIONS: ReadonlySet<string> = new Set<keyof TouchOptions>([
  'ttl',
  'durability',
  'fence',
]);
const SET_NAMES: readonly (keyof SetOptions)[] = [
  'ttl',
  'expiresAt',
  'durability',
  'tags',
  'fence',
];
export const SET_OPTIONS: ReadonlySet<string> = new Set(SET_NAMES);
export const COMPARE_OPTIONS: ReadonlySet<string> = new Set<keyof CompareAndSetOptions>([
  ...SET_NAMES,
  'version',
]);
