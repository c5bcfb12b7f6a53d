/** A table's locks and sessions as operators see them, a page at a time. */
import type { LockInfo, Page, PageQuery, SessionInfo } from '../backend/lock-administration.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { Claim, ClaimList, TableSession } from './claim.ts';
import { firstInOrder } from './first-in-order.ts';
import type { Lock } from './lock.ts';
import { claimsOf, holderOf, ownerOf } from './lock-snapshot.ts';

/** Holders, and waiters, that are listed of one lock. */
const OWNERS_PER_LOCK_MAX = 1_000;
/** A page ends behind the lock that reaches it. */
const OWNERS_PER_PAGE_MAX = 10_000;

export function lockInfo(name: string, lock: Lock | undefined): LockInfo {
  return {
    name,
    holders: lock === undefined ? [] : firstOf(lock.holders).map(holderOf),
    heldCount: lock?.holders.count ?? 0,
    waiters: lock === undefined ? [] : firstOf(lock.queue).map(ownerOf),
    waitingCount: lock?.queue.count ?? 0,
  };
}

export function listLocks(
  locks: ReadonlyMap<string, Lock>,
  { prefix = '', after, limit }: PageQuery & { readonly prefix?: string | undefined },
): Page<LockInfo> {
  const names = pageOf(withPrefix(locks.keys(), prefix), { after, limit });
  const items: LockInfo[] = [];
  let owners = 0;
  for (const name of names.items) {
    if (owners >= OWNERS_PER_PAGE_MAX) return { items, next: items.at(-1)?.name };
    const info = lockInfo(name, locks.get(name));
    owners += info.holders.length + info.waiters.length;
    items.push(info);
  }
  return { items, next: names.next };
}

export function listSessions(
  sessions: ReadonlyMap<string, TableSession>,
  query: PageQuery,
  nowMs: number,
  isAttached: (session: TableSession) => boolean,
): Page<SessionInfo> {
  const { items, next } = pageOf(idsOfClients(sessions.values()), query);
  const info = (id: string): SessionInfo => {
    const session = sessions.get(id) as TableSession;
    const held = [...session.claims].filter((claim) => claim.state === 'held').length;
    return {
      id,
      clientName: session.clientName,
      metadata: session.metadata,
      isAttached: isAttached(session),
      ttlMs: session.ttlMs,
      remainingMs: Math.max(0, session.expiresAtMs - nowMs),
      heldCount: held,
      waitingCount: session.claims.size - held,
    };
  };
  return { items: items.map(info), next };
}

function pageOf(texts: Iterable<string>, { after, limit }: PageQuery): Page<string> {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new InvalidArgumentError(`a page's limit must be 1 or more, got=${limit}`);
  }
  const found = firstInOrder(behind(texts, after), limit + 1);
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? items.at(-1) : undefined };
}

function* behind(texts: Iterable<string>, after: string | undefined): Generator<string> {
  for (const text of texts) if (after === undefined || text > after) yield text;
}

function* withPrefix(names: Iterable<string>, prefix: string): Generator<string> {
  for (const name of names) if (name.startsWith(prefix)) yield name;
}

function* idsOfClients(sessions: Iterable<TableSession>): Generator<string> {
  for (const { id, owner } of sessions) if (owner === 'stream') yield id;
}

function firstOf(list: ClaimList): Claim[] {
  const claims: Claim[] = [];
  for (const claim of claimsOf(list)) {
    if (claims.length === OWNERS_PER_LOCK_MAX) break;
    claims.push(claim);
  }
  return claims;
}
