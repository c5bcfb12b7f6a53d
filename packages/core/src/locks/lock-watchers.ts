import type { LockChange, LockChangeKind, LockWatch } from '../backend/lock-administration.ts';
import { type Claim, NO_TOKEN } from './claim.ts';
import type { Lock } from './lock.ts';
import { ownerOf, snapshotOf } from './lock-snapshot.ts';
import type { TableChanges } from './table-changes.ts';

interface Watcher {
  readonly prefix: string;
  readonly listener: (change: LockChange) => void;
}

/** Those who hear of every change of the locks with some prefix. */
export class LockWatchers implements TableChanges {
  readonly #watchers = new Set<Watcher>();
  /** Runs a delivery after the call that made the change, in order. */
  readonly #post: (delivery: () => void) => void;

  constructor(post: (delivery: () => void) => void) {
    this.#post = post;
  }

  watch(locks: Iterable<Lock>, prefix: string, listener: Watcher['listener']): LockWatch {
    const watcher = { prefix, listener };
    const { held } = snapshotOf(locks, prefix);
    this.#watchers.add(watcher);
    return { held, stop: () => this.#watchers.delete(watcher) };
  }

  claimQueued(claim: Claim): void {
    // One without a place is granted in this very call.
    if (claim.position > 0) this.#tell('queued', claim);
  }

  claimGranted(claim: Claim): void {
    this.#tell('granted', claim);
  }

  claimRevoked(claim: Claim): void {
    this.#tell('revoking', claim);
  }

  claimEnded(claim: Claim): void {
    const { state } = claim;
    this.#tell(state === 'released' || state === 'lost' ? state : 'left', claim);
  }

  #tell(kind: LockChangeKind, claim: Claim): void {
    if (this.#watchers.size === 0) return;
    // Who watches now is told, not who does when it is told: that is in the snapshot they began at.
    const listeners = [...this.#watchers].filter(({ prefix }) => claim.name.startsWith(prefix));
    if (listeners.length === 0) return;
    const change = changeOf(kind, claim);
    this.#post(() => {
      for (const watcher of listeners) if (this.#watchers.has(watcher)) watcher.listener(change);
    });
  }

  clear(): void {
    this.#watchers.clear();
  }
}

function changeOf(kind: LockChangeKind, claim: Claim): LockChange {
  return {
    kind,
    owner: ownerOf(claim),
    token: claim.token === NO_TOKEN ? undefined : claim.token,
    reason: kind === 'revoking' ? claim.revokeReason : claim.lostReason,
  };
}
