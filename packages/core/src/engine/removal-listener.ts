/** Why a record went without being asked to. */
export type RemovalReason = 'expire' | 'evict';

/**
 * Hears of live records that the engine evicts, and of expired ones when it finds them: once for
 * each record that is the newest of its key. Called in the middle of other work: it notes what it
 * is told, and does not use the engine. `key` is the listener's own.
 */
export interface RemovalListener {
  onRemoved(reason: RemovalReason, key: Uint8Array, isText: boolean, isNamed: boolean): void;
}
