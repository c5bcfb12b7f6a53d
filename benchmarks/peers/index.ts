import { betterSqlite3 } from './better-sqlite3.ts';
import { cacache } from './cacache.ts';
import { classicLevel } from './classic-level.ts';
import { type Contestant, HOLDFAST, HOLDFAST_IN_MEMORY } from './contestant.ts';
import { flatCache } from './flat-cache.ts';
import { keyvSqlite } from './keyv-sqlite.ts';
import { lmdb, lmdbSharedStructures } from './lmdb.ts';
import { lruCache } from './lru-cache.ts';
import { map } from './map.ts';
import { unstorageFiles } from './unstorage-files.ts';

/** In the report's order. Holdfast's own module is loaded only by the process that measures it. */
const PEERS: readonly Contestant[] = [
  map,
  lruCache,
  lmdb,
  lmdbSharedStructures,
  betterSqlite3,
  classicLevel,
  keyvSqlite,
  flatCache,
  unstorageFiles,
  cacache,
];

export const CONTESTANT_NAMES: readonly string[] = [
  HOLDFAST,
  HOLDFAST_IN_MEMORY,
  ...PEERS.map((peer) => peer.name),
];

export async function contestantNamed(name: string): Promise<Contestant> {
  if (name === HOLDFAST) return (await import('./holdfast.ts')).holdfast;
  if (name === HOLDFAST_IN_MEMORY) return (await import('./holdfast.ts')).holdfastInMemory;
  const peer = PEERS.find((candidate) => candidate.name === name);
  if (peer === undefined) throw new TypeError(`no such contestant name=${name}`);
  return peer;
}
