// Goal: a store that was written and killed on one runtime opens on the others with all that was
// acknowledged.
// Method: real processes of Node, Bun and Deno, each with a compression of its own and, in one of
// the tests, its own implementation of the cipher, killed with SIGKILL after an awaited set with
// durability 'written'.
// Not covered: power cuts (core's simulator), and what a cache does otherwise (core's own suites).
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { startProcess } from '../test/runtime-process.ts';
import { openCache } from './index.ts';

test.each([
  ['a store', undefined],
  ['an encrypted store', 7],
])(
  '%s killed on one runtime opens on the next, whichever it is',
  async (_name, keyByte) => {
    const key = keyByte === undefined ? undefined : new Uint8Array(32).fill(keyByte);
    const words = keyByte === undefined ? [] : [String(keyByte)];
    const directory = await mkdtemp(`${tmpdir()}/holdfast-store-`);
    const permissions = [`--allow-read=${directory}`, `--allow-write=${directory}`];
    const expected: Record<string, unknown> = {};
    try {
      for (const runtime of ['node', 'bun', 'deno', 'bun', 'node', 'deno', 'node'] as const) {
        const writer = await startProcess(
          runtime,
          'cache-program.mjs',
          [directory, ...words],
          permissions,
        );
        await writer.kill();
        expect(JSON.parse(writer.line), `what ${runtime} found`).toEqual(expected);
        const large = `${runtime} 🦀 `.repeat(500);
        expected[`from ${runtime}`] = { writer: runtime, text: 'grüße 🦀', large };
      }
      const encryption = key === undefined ? undefined : { keys: [{ id: 'test', key }] };
      const cache = await openCache({ directory, encryption });
      expect(Object.fromEntries(cache.entries())).toEqual(expected);
      await cache.close();
    } finally {
      await rm(directory, { recursive: true });
    }
  },
  60_000,
);
