// Goal: each file becomes the document that a program would store, and the same ones every time.
// Method: a small folder of made-up files. Not covered: node_modules, which the quickstart itself
// reads.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listDocuments, readDocument } from './documents.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-documents-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.each([
  ['JSON', 'a.json', '{"a":[1,null]}', { kind: 'json', value: { a: [1, null] }, bytes: 14 }],
  ['JSON with comments', 'a.json', '{} // no', { kind: 'text', value: '{} // no', bytes: 8 }],
  ['JSON by another name', 'a.txt', '{}', { kind: 'text', value: '{}', bytes: 2 }],
  ['text', 'a.md', 'grüße 🦀', { kind: 'text', value: 'grüße 🦀', bytes: 12 }],
  ['text with a mark', 'a.md', '\ufeffa', { kind: 'text', value: '\ufeffa', bytes: 4 }],
  ['nothing', 'a', '', { kind: 'text', value: '', bytes: 0 }],
  [
    'bytes that are not UTF-8',
    'a.json',
    new Uint8Array([0x7b, 0xff, 0x7d]),
    { kind: 'bytes', value: new Uint8Array([0x7b, 0xff, 0x7d]), bytes: 3 },
  ],
])('%s', (_, path, content, document) => {
  write(path, content);
  expect(readDocument(folder, path)).toStrictEqual(document);
});

test('lists files in order, without links, hidden ones and those over 1 MiB', () => {
  write('b/2.txt', '22');
  write('b/1.txt', '1');
  write('a.txt', '');
  write('.hidden/3.txt', '3');
  write('c.bin', new Uint8Array(1_048_576));
  write('d.bin', new Uint8Array(1_048_577));
  symlinkSync(join(folder, 'a.txt'), join(folder, 'e.txt'));
  symlinkSync(join(folder, 'b'), join(folder, 'f'));
  expect(listDocuments(folder, 100)).toEqual({
    paths: ['a.txt', 'b/1.txt', 'b/2.txt', 'c.bin'],
    bytes: 1_048_579,
  });
});

test('takes no more than it may, spread over all there are', () => {
  for (let index = 0; index < 10; index++) write(`${index}.txt`, 'x');
  expect(listDocuments(folder, 4)).toEqual({
    paths: ['0.txt', '2.txt', '5.txt', '7.txt'],
    bytes: 4,
  });
});

function write(path: string, content: string | Uint8Array): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
