/**
 * What is in a file of a store, as plain data: each item stands for a run of its bytes, in their
 * order. Times are Unix milliseconds; `Infinity` = never.
 */

import type { StoredEncoding } from '../codec/value-encoding.ts';
import type { CompressionName } from '../ports/compression.ts';

export type FileKind = 'superblock' | 'manifest' | 'index' | 'young' | 'main';

export interface FileInspection {
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: number;
  readonly items: readonly InspectedItem[];
}

export type InspectedItem =
  | InspectedSuperblock
  | InspectedManifest
  | InspectedIndex
  | InspectedSegment
  | InspectedRecord
  | InspectedFrame
  | InspectedDamage;

/** Names a file of the store: the opening that made it, and its number therein. */
export interface InspectedFileId {
  readonly epoch: number;
  readonly number: number;
}

export interface InspectedSuperblock {
  readonly type: 'superblock';
  readonly offset: 0;
  readonly epoch: number;
  /** 32 hex digits. */
  readonly storeId: string;
  readonly hashSeed: number;
  readonly hashPrefixLength: number;
  readonly storeTime: number;
  /** Where the lane ended when the store was closed last; absent for an empty lane, or none. */
  readonly tail?: InspectedFileId & { readonly length: number };
  /** Whether the closing of this epoch has written it, or its opening. */
  readonly isClosed: boolean;
}

export interface InspectedManifest {
  readonly type: 'manifest';
  readonly offset: 0;
  readonly version: number;
  readonly files: readonly {
    readonly name: string;
    /** Bytes that count. */
    readonly length: number;
    /** Until then something in it hides an older record; absent for nothing. */
    readonly until?: number;
    readonly sequenceMax: number;
  }[];
}

/** A snapshot of the index: where everything was when the store was closed. */
export interface InspectedIndex {
  readonly type: 'index';
  readonly offset: 0;
  /** Of the opening whose closing wrote it; it is used only if no other one has followed. */
  readonly epoch: number;
  readonly storeId: string;
  readonly entries: number;
  readonly files: readonly {
    readonly name: string;
    /** Bytes that counted. */
    readonly length: number;
    readonly entries: number;
  }[];
}

/** The header of a segment. */
export interface InspectedSegment {
  readonly type: 'segment';
  readonly offset: 0;
  readonly generation: 'young' | 'main';
  readonly epoch: number;
  readonly number: number;
  readonly storeId: string;
  readonly salt: number;
  readonly hashSeed: number;
  readonly sequenceBase: number;
  readonly timeBase: number;
  /** The file before it in the lane, and how much of that counts; absent for the first. */
  readonly previous?: InspectedFileId & { readonly length: number };
  /** What a main file's name says. */
  readonly prefix?: string;
  readonly ttlClass?: number;
}

export interface InspectedRecord {
  readonly type: 'record';
  readonly offset: number;
  /** Of the whole record. */
  readonly bytes: number;
  readonly kind: 'put' | 'delete' | 'clear' | 'shapes' | 'floor' | 'other';
  /** The name of the key's namespace, after those of the namespaces it is in; absent for none. */
  readonly namespace?: readonly string[];
  /** As text, also of a key that was given as bytes if these are UTF-8; else `keyHex`. */
  readonly key?: string;
  readonly keyHex?: string;
  /** Of the value: what its bytes are, how they are compressed, and how many there are. */
  readonly encoding?: StoredEncoding | number;
  readonly compression?: CompressionName | number;
  readonly valueBytes: number;
  /**
   * The ids of a value's tags, in hex, those of its namespaces first; absent for none. Of a floor
   * the one that was invalidated, absent for all.
   */
  readonly tags?: readonly string[];
  readonly sequence: number;
  readonly created: number;
  /** The deadline. */
  readonly expires: number;
  /** Up to when the value is kept past its deadline; absent if it is not. */
  readonly keptUntil?: number;
  /** Until then it hides an older record of its key in another file; absent for nothing. */
  readonly until?: number;
}

/** The end of a batch. */
export interface InspectedFrame {
  readonly type: 'frame';
  readonly offset: number;
  readonly bytes: number;
  readonly batchStart: number;
  /** Of the records in the batch. */
  readonly count: number;
  /** File of this epoch and offset up to which all was synced; absent for nothing yet. */
  readonly durable?: { readonly number: number; readonly offset: number };
  readonly storeTime: number;
  /** Records it names that cannot be read. */
  readonly lost: readonly { readonly offset: number; readonly hash: number }[];
}

/** Bytes that are not what they should be. */
export interface InspectedDamage {
  readonly type: 'damage';
  readonly offset: number;
  readonly bytes: number;
  readonly reason: string;
}

export function damageIn(items: readonly InspectedItem[]): InspectedDamage[] {
  return items.filter((item) => item.type === 'damage');
}
