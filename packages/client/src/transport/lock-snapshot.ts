import type { HeldBy, LockMode, LockOwner, LockSnapshot } from '@holdfast/core';
import {
  type LockHolder__Output,
  type LockInfo__Output,
  loadHoldfastProtos,
} from '@holdfast/protos';
import { withUnaryCalls } from './unary-call.ts';

/** Asks for what is held and waited for, of locks whose name starts with `prefix`. */
export type FetchLocks = (prefix: string) => Promise<LockSnapshot>;

const PAGE_SIZE = 1_000;

/** `AdminService.ListLocks`, page by page, on a connection of its own. */
export function fetchLocks(target: string, timeoutMs: number): FetchLocks {
  return (prefix) =>
    withUnaryCalls(target, { timeoutMs, signal: undefined }, async (call) => {
      const { ListLocks } = loadHoldfastProtos().adminService;
      const held: HeldBy[] = [];
      const waiting: LockOwner[] = [];
      let pageToken = '';
      do {
        const page = await call(ListLocks, { prefix, pageSize: PAGE_SIZE, pageToken });
        for (const lock of page.locks) {
          for (const holder of lock.holders) {
            held.push({ ...owner(lock, holder), token: BigInt(holder.token) });
          }
          for (const waiter of lock.waiters) waiting.push(owner(lock, waiter));
        }
        pageToken = page.nextPageToken;
      } while (pageToken !== '');
      return { held, waiting };
    });
}

const MODES: Readonly<Record<string, LockMode>> = {
  LOCK_MODE_SHARED: 'shared',
  LOCK_MODE_PERMIT: 'permit',
};

function owner({ name }: LockInfo__Output, holder: LockHolder__Output): LockOwner {
  const { sessionId, clientName, permits } = holder;
  // The one that excludes most, for a mode of later servers.
  return { name, sessionId, clientName, mode: MODES[holder.mode] ?? 'exclusive', permits };
}
