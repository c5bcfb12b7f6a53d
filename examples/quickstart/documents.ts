/**
 * The real input: files, each one document. Its key is its path; its value is what a program would
 * store:
 *
 *     valid JSON in a .json file   what it says          a day to live
 *     other valid UTF-8            a string              a week
 *     anything else                bytes                 for ever
 *
 * The same folder gives the same documents in the same order, so that a writer, in a process of its
 * own, and the checks agree on them by path alone.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duration } from '@holdfast/node';

export interface Document {
  readonly kind: DocumentKind;
  readonly value: unknown;
  /** Bytes of the file. */
  readonly bytes: number;
}

export type DocumentKind = 'json' | 'text' | 'bytes';

/** What there is to load. */
export interface DocumentList {
  readonly paths: readonly string[];
  /** Bytes of all these files. */
  readonly bytes: number;
}

interface FoundFile {
  readonly path: string;
  readonly bytes: number;
}

export const TTL: Readonly<Record<DocumentKind, Duration>> = {
  json: '1d',
  text: '7d',
  bytes: Number.POSITIVE_INFINITY,
};

const FILE_BYTES_MAX = 1_048_576;

/** Strict: what it accepts is the same bytes again when it is encoded. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * At most `countMax` files of up to 1 MiB below `folder`, spread evenly over all there are. Leaves
 * out links, which lead to files found elsewhere, and names with a dot in front, where tools keep
 * what changes.
 */
export function listDocuments(folder: string, countMax: number): DocumentList {
  const all: FoundFile[] = [];
  walk(folder, '', all);
  const count = Math.min(countMax, all.length);
  const files = Array.from({ length: count }, (_, index) => {
    return all[Math.floor((index * all.length) / count)]!;
  });
  return {
    paths: files.map(({ path }) => path),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

export function readDocument(folder: string, path: string): Document {
  const file = readFileSync(join(folder, path));
  return { ...parse(path, file), bytes: file.length };
}

function walk(folder: string, prefix: string, found: FoundFile[]): void {
  const entries = readdirSync(join(folder, prefix), { withFileTypes: true });
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) walk(folder, path, found);
    if (!entry.isFile()) continue;
    const bytes = lstatSync(join(folder, path)).size;
    if (bytes <= FILE_BYTES_MAX) found.push({ path, bytes });
  }
}

function parse(path: string, file: Buffer): Omit<Document, 'bytes'> {
  let text: string;
  try {
    text = utf8.decode(file);
  } catch {
    // Not text: that is what the decoder is asked.
    return { kind: 'bytes', value: new Uint8Array(file) };
  }
  if (path.endsWith('.json')) {
    try {
      return { kind: 'json', value: JSON.parse(text) };
    } catch {
      // JSON with comments, or a test's broken JSON: kept as text.
    }
  }
  return { kind: 'text', value: text };
}
