/** The unary calls of AdminService about locks and sessions. */
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { InvalidArgumentError } from '@holdfast/core';
import type { LockBackend, PageQuery, SessionInfo } from '@holdfast/core/backend';
import type {
  ForceReleaseRequest__Output,
  ForceReleaseResponse,
  ListLocksRequest__Output,
  ListLocksResponse,
  ListSessionsRequest__Output,
  ListSessionsResponse,
  SessionInfo as WireSessionInfo,
} from '@holdfast/protos';
import { lockInfo } from '../locks/lock-values.ts';
import { PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX } from '../server/limits.ts';
import { answering } from '../server/unary-call.ts';
import { duration, durationMs } from '../wire/duration.ts';

export function lockCalls(locks: LockBackend): UntypedServiceImplementation {
  return {
    ListLocks: answering<ListLocksRequest__Output, ListLocksResponse>(async (request) => {
      const { prefix } = request;
      const { items, next } = await locks.listLocks({ prefix, ...pageQuery(request) });
      return { locks: items.map(lockInfo), nextPageToken: pageToken(next) };
    }),
    ListSessions: answering<ListSessionsRequest__Output, ListSessionsResponse>(async (request) => {
      const { items, next } = await locks.listSessions(pageQuery(request));
      return { sessions: items.map(sessionInfo), nextPageToken: pageToken(next) };
    }),
    ForceRelease: answering<ForceReleaseRequest__Output, ForceReleaseResponse>(async (request) => {
      const token = request.token === '0' ? undefined : BigInt(request.token);
      const graceMs = durationMs(request.grace, 0, 'grace');
      const tokens = await locks.forceRelease(request.name, { token, graceMs });
      return { tokens: tokens.map(String) };
    }),
  };
}

function pageQuery(request: { readonly pageSize: number; readonly pageToken: string }): PageQuery {
  const { pageSize } = request;
  if (pageSize > PAGE_SIZE_MAX) {
    throw new InvalidArgumentError(`page_size may be ${PAGE_SIZE_MAX}, got=${pageSize}`, {
      field: 'page_size',
    });
  }
  return {
    after: afterOf(request.pageToken),
    limit: pageSize === 0 ? PAGE_SIZE_DEFAULT : pageSize,
  };
}

/** Not for people to read: its form may change. */
function pageToken(next: string | undefined): string {
  return next === undefined ? '' : Buffer.from(next).toString('base64url');
}

function afterOf(token: string): string | undefined {
  if (token === '') return undefined;
  const after = Buffer.from(token, 'base64url').toString();
  if (pageToken(after) === token) return after;
  throw new InvalidArgumentError('page_token is not of an earlier page', { field: 'page_token' });
}

function sessionInfo(session: SessionInfo): WireSessionInfo {
  return {
    sessionId: session.id,
    clientName: session.clientName,
    metadata: session.metadata,
    attached: session.isAttached,
    ttl: duration(session.ttlMs),
    remaining: duration(session.remainingMs),
    held: session.heldCount,
    waiting: session.waitingCount,
  };
}
