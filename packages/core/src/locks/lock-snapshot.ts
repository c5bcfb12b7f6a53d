import type { LockOwner, LockSnapshot } from '../backend/lock-backend.ts';
import type { Claim } from './claim.ts';
import type { Lock } from './lock.ts';

/** Everything that is held or waited for. */
export function snapshotOf(locks: Iterable<Lock>): LockSnapshot {
  const held: LockSnapshot['held'][number][] = [];
  const waiting: LockOwner[] = [];
  for (const lock of locks) {
    for (let claim = lock.holders.first; claim !== undefined; claim = claim.next) {
      held.push({ ...ownerOf(claim), token: claim.token });
    }
    for (let claim = lock.queue.first; claim !== undefined; claim = claim.next) {
      waiting.push(ownerOf(claim));
    }
  }
  return { held, waiting };
}

function ownerOf(claim: Claim): LockOwner {
  const { id, clientName } = claim.session;
  const { mode, permits } = claim.terms;
  return { name: claim.name, sessionId: id, clientName, mode, permits };
}
