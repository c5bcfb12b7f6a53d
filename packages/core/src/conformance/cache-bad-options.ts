/** The part of `cacheConformance` about what `open` refuses. */
import type { CacheTest } from './cache.ts';
import { expectEqual, expectFailure, expectTrue } from './expect.ts';

const MIB = 1024 * 1024;
const KEY = new Uint8Array(32).fill(7);

/** By option: values that are refused. */
const BAD_OPTIONS: Readonly<Record<string, readonly unknown[]>> = {
  directory: ['', 5, 'a\u0000b', {}, []],
  persistent: ['yes', 0, {}],
  hashPrefixLength: [3, -1, 1.5, '2', Number.NaN],
  cleanupInterval: [0, 9, '2d', -1, Number.NaN, Number.POSITIVE_INFINITY, 'soon', {}],
  memoryBytesMax: [0, MIB - 1, -MIB, Number.NaN, 1.5 * MIB + 0.5, '1GB', Number.POSITIVE_INFINITY],
  diskBytesMax: [0, MIB - 1, -1, Number.NaN, MIB + 0.5, '1GB'],
  valueBytesMax: [0, -1, 1.5, Number.NaN, 64 * MIB + 1, Number.POSITIVE_INFINITY, '1'],
  durability: ['always', 1, true, ''],
  flushInterval: [0, -1, '2d', Number.NaN, Number.POSITIVE_INFINITY],
  syncInterval: [0, -1, '2d', Number.NaN, Number.POSITIVE_INFINITY],
  defaultTtl: [0, -1, Number.NaN, '5 parsecs', 'never', {}],
  compression: ['lz4', '', 5, true, {}],
  compressionBytesMin: [0, -1, 1.5, Number.NaN, 64 * MIB + 1, '1KB'],
  encryption: [
    5,
    'secret',
    {},
    { keys: [] },
    { keys: new Map([['a', KEY]]) },
    { keys: [KEY] },
    { keys: [null] },
    { keys: [{ key: KEY }] },
    { keys: [{ id: '', key: KEY }] },
    { keys: [{ id: 'a'.repeat(65), key: KEY }] },
    { keys: [{ id: 'a\n', key: KEY }] },
    { keys: [{ id: 'ü', key: KEY }] },
    { keys: [{ id: 5, key: KEY }] },
    { keys: [{ id: 'a' }] },
    { keys: [{ id: 'a', key: new Uint8Array(31) }] },
    { keys: [{ id: 'a', key: new Uint8Array(33) }] },
    { keys: [{ id: 'a', key: 'x'.repeat(32) }] },
    { keys: [{ id: 'a', key: new Uint16Array(32) }] },
    {
      keys: [
        { id: 'a', key: KEY },
        { id: 'a', key: new Uint8Array(32) },
      ],
    },
    { keys: Array.from({ length: 65 }, (_, index) => ({ id: `${index}`, key: KEY })) },
    { keys: [{ id: 'a', key: KEY }], cipher: 'aes' },
    { keys: [{ id: 'a', key: KEY, secret: 1 }] },
  ],
  onError: [5, 'log', {}],
  misspelt: [1],
  ttl: ['1h'],
};

export const BAD_OPTION_TESTS: readonly CacheTest[] = [
  {
    name: 'rule 10: open refuses each bad option, naming it, and makes nothing on disk',
    run: async ({ open, directory, fileSystem }) => {
      await fileSystem.createDirectory(directory);
      const inner = `${directory}/inner`;
      for (const [option, values] of Object.entries(BAD_OPTIONS)) {
        for (const value of values) {
          const error = await expectFailure(
            () => open({ directory: inner, [option]: value }),
            'INVALID_ARGUMENT',
            `opening with ${option} ${String(value)}`,
          );
          expectTrue((error as Error) instanceof TypeError, 'a TypeError');
          expectTrue(error.message.includes(option), `"${error.message}" to name ${option}`);
        }
      }
      await expectFailure(() => fileSystem.list(inner), 'IO', 'listing what was not made');
    },
  },
  {
    name: 'open takes each option at its bounds, and undefined for every default',
    run: async ({ open }) => {
      const options = [
        { hashPrefixLength: 0, cleanupInterval: 10, flushInterval: 1, syncInterval: '1ms' },
        { hashPrefixLength: 1, cleanupInterval: '1d', flushInterval: '1d', syncInterval: '24h' },
        { memoryBytesMax: MIB, diskBytesMax: MIB, valueBytesMax: 1, durability: 'synced' },
        { diskBytesMax: Number.POSITIVE_INFINITY, valueBytesMax: 64 * MIB, defaultTtl: null },
        { defaultTtl: Number.POSITIVE_INFINITY, persistent: false, durability: 'written' },
        Object.fromEntries(
          Object.keys(BAD_OPTIONS)
            .filter((name) => !['misspelt', 'ttl', 'directory'].includes(name))
            .map((name) => [name, undefined]),
        ),
      ] as const;
      for (const own of options) {
        const { cache, close } = await open(own);
        await cache.set('a', '1');
        expectEqual(await cache.get('a'), '1', 'a value');
        await close();
      }
    },
  },
];
