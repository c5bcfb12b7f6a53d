/**
 * What the lock seam says in other words than the protos: scopes, modes, terms, reasons, owners.
 */
import { InvalidArgumentError } from '@holdfast/core';
import type {
  LockBackend,
  LockInfo,
  LockMode,
  LockOwner,
  LockTerms,
  LostReason,
} from '@holdfast/core/backend';
import type {
  Duration__Output,
  LockHolder,
  LockScope,
  LockScope__Output,
  LockInfo as WireLockInfo,
  LockMode as WireLockMode,
  LockMode__Output as WireLockModeOutput,
  LostReason as WireLostReason,
} from '@holdfast/protos';
import { durationMs } from '../wire/duration.ts';

export const SCOPES: Readonly<Record<LockBackend['scope'], LockScope>> = {
  process: 'LOCK_SCOPE_PROCESS',
  server: 'LOCK_SCOPE_SERVER',
  cluster: 'LOCK_SCOPE_CLUSTER',
};

/** From the narrowest on. */
const SCOPE_ORDER: readonly (LockScope | LockScope__Output)[] = [
  'LOCK_SCOPE_UNSPECIFIED',
  'LOCK_SCOPE_PROCESS',
  'LOCK_SCOPE_SERVER',
  'LOCK_SCOPE_CLUSTER',
];

const MODES = {
  exclusive: 'LOCK_MODE_EXCLUSIVE',
  shared: 'LOCK_MODE_SHARED',
  permit: 'LOCK_MODE_PERMIT',
} as const satisfies Record<LockMode, WireLockMode>;

export const LOST_REASONS: Readonly<Record<LostReason, WireLostReason>> = {
  expired: 'LOST_REASON_EXPIRED',
  'session-expired': 'LOST_REASON_SESSION_EXPIRED',
  'max-hold': 'LOST_REASON_MAX_HOLD',
  admin: 'LOST_REASON_ADMIN',
  server: 'LOST_REASON_SERVER',
};

/** Throws `SCOPE_UNAVAILABLE` for a scope wider than the backend's, or not known here. */
export function assertScope(asked: LockScope__Output, available: LockBackend['scope']): void {
  const index = SCOPE_ORDER.indexOf(asked);
  if (index >= 0 && index <= SCOPE_ORDER.indexOf(SCOPES[available])) return;
  throw new InvalidArgumentError(`the locks here do not exclude that far, scope=${available}`, {
    reason: 'SCOPE_UNAVAILABLE',
    scope: available,
  });
}

/** How a request for a lock says on what terms, whichever message it is. */
export interface TermsMessage {
  readonly mode: WireLockModeOutput;
  readonly permits: number;
  readonly capacity: number;
  readonly lockDelay: Duration__Output | null;
  readonly maxHold: Duration__Output | null;
}

/** Ranges are the backend's to check. Throws `INVALID_ARGUMENT`. */
export function lockTerms(message: TermsMessage): LockTerms {
  const { permits, capacity } = message;
  const mode = lockMode(message.mode);
  if (mode !== 'permit' && (permits !== 0 || capacity !== 0)) {
    throw new InvalidArgumentError('permits and capacity are for LOCK_MODE_PERMIT', {
      reason: 'INVALID_PERMITS',
      field: permits === 0 ? 'capacity' : 'permits',
    });
  }
  return {
    mode,
    permits: permits === 0 ? 1 : permits,
    capacity: mode === 'permit' ? capacity : 1,
    lockDelayMs: durationMs(message.lockDelay, 0, 'lock_delay'),
    maxHoldMs: durationMs(message.maxHold, Number.POSITIVE_INFINITY, 'max_hold'),
  };
}

export function lockHolder(owner: LockOwner, token?: bigint): LockHolder {
  const { sessionId, clientName, mode, permits } = owner;
  return { sessionId, clientName, token: String(token ?? 0), mode: MODES[mode], permits };
}

export function lockInfo(info: LockInfo): WireLockInfo {
  return {
    name: info.name,
    holders: info.holders.map((holder) => lockHolder(holder, holder.token)),
    waiting: info.waitingCount,
    held: info.heldCount,
    waiters: info.waiters.map((owner) => lockHolder(owner)),
  };
}

/** The names of a lock's modes and the unspecified one; a number if a newer client knows more. */
function lockMode(mode: WireLockModeOutput): LockMode {
  switch (mode) {
    case 'LOCK_MODE_UNSPECIFIED':
    case 'LOCK_MODE_EXCLUSIVE':
      return 'exclusive';
    case 'LOCK_MODE_SHARED':
      return 'shared';
    case 'LOCK_MODE_PERMIT':
      return 'permit';
    default:
      throw new InvalidArgumentError(`a mode not known here, mode=${String(mode)}`, {
        reason: 'INVALID_MODE',
        field: 'mode',
      });
  }
}
