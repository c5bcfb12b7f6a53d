import { betterSqlite3 } from './better-sqlite3.ts';
import type { Contestant } from './contestant.ts';
import { keyvSqlite } from './keyv-sqlite.ts';
import { lmdb, lmdbSharedStructures } from './lmdb.ts';
import { lruCache } from './lru-cache.ts';
import { map } from './map.ts';

/** In the report's order. Holdfast's own module is loaded only by the process that measures it. */
const PEERS: readonly Contestant[] = [
  map,
  lruCache,
  lmdb,
  lmdbSharedStructures,
  betterSqlite3,
  keyvSqlite,
];

export const HOLDFAST = 'Holdfast';
export const CONTESTANT_NAMES: readonly string[] = [HOLDFAST, ...PEERS.map((peer) => peer.name)];

export async function contestantNamed(name: string): Promise<Contestant> {
  if (name === HOLDFAST) return (await import('./holdfast.ts')).holdfast;
  const peer = PEERS.find((candidate) => candidate.name === name);
  if (peer === undefined) throw new TypeError(`no such contestant name=${name}`);
  return peer;
}
