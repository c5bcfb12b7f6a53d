import type { HeldBy, LockOwner, LockSnapshot } from '../backend/lock-backend.ts';
import type { Claim, ClaimList } from './claim.ts';
import type { Lock } from './lock.ts';

/** Everything that is held or waited for, of locks whose name starts with `prefix`. */
export function snapshotOf(locks: Iterable<Lock>, prefix: string): LockSnapshot {
  const held: HeldBy[] = [];
  const waiting: LockOwner[] = [];
  for (const lock of locks) {
    if (!lock.name.startsWith(prefix)) continue;
    for (const claim of claimsOf(lock.holders)) held.push(holderOf(claim));
    for (const claim of claimsOf(lock.queue)) waiting.push(ownerOf(claim));
  }
  return { held, waiting };
}

export function* claimsOf(list: ClaimList): Generator<Claim> {
  for (let claim = list.first; claim !== undefined; claim = claim.next) yield claim;
}

export function holderOf(claim: Claim): HeldBy {
  return { ...ownerOf(claim), token: claim.token };
}

export function ownerOf(claim: Claim): LockOwner {
  const { id, clientName, owner } = claim.session;
  const { mode, permits } = claim.terms;
  const sessionId = owner === 'lease' ? '' : id;
  return { name: claim.name, sessionId, clientName, mode, permits };
}
