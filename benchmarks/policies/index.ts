import { Lru } from './lru.ts';
import type { PolicyFactory } from './policy.ts';
import { S3Fifo } from './s3-fifo.ts';
import { Sieve } from './sieve.ts';
import { WTinyLfu } from './w-tiny-lfu.ts';

/** What Holdfast's eviction is compared with, by the names of the report. */
export const POLICIES: Readonly<Record<string, PolicyFactory>> = {
  LRU: (capacity) => new Lru(capacity),
  'S3-FIFO': (capacity) => new S3Fifo(capacity),
  SIEVE: (capacity) => new Sieve(capacity),
  'W-TinyLFU': (capacity) => new WTinyLfu(capacity),
};
