import { HoldfastError } from '@holdfast/core';
import type { HeldLease, QueuedRequest } from '@holdfast/core/backend';
import type {
  Duration__Output,
  HeldLease__Output,
  Queued__Output,
  SessionRequest,
  SessionResponse__Output,
  Welcome__Output,
} from '@holdfast/protos';
import type { ClientMessage, ServerMessage } from '../locks/session-stream.ts';
import { errorOfStatus } from './status.ts';
import { millisecondsOf, WIRE_DURATION_MS_MAX, wireDuration } from './wire-time.ts';

/** A message as the server reads it. */
export function wireSessionRequest(message: ClientMessage): SessionRequest {
  switch (message.kind) {
    case 'hello': {
      const { clientName, metadata, ttlMs, resume } = message;
      const hello = { clientName, metadata, sessionTtl: wireDuration(ttlMs) };
      return { hello: resume === undefined ? hello : { ...hello, resume } };
    }
    case 'acquire': {
      const { requestId, name, waitMs } = message;
      const isEndless = waitMs > WIRE_DURATION_MS_MAX;
      return { acquire: { requestId, name, ...(isEndless ? {} : { wait: wireDuration(waitMs) }) } };
    }
    case 'cancel':
      return { cancelAcquire: { requestId: message.requestId } };
    case 'release':
      return { release: { leaseId: message.leaseId, token: String(message.token) } };
    case 'keep-alive':
      return { keepAlive: { sequence: message.sequence } };
    case 'goodbye':
      return { goodbye: {} };
  }
}

/**
 * A message as the client reads it, `undefined` for a kind of later servers. Throws if it makes no
 * sense.
 */
export function serverMessage(response: SessionResponse__Output): ServerMessage | undefined {
  if (response.welcome) return welcome(response.welcome);
  if (response.queued) return { kind: 'queued', ...queuedRequest(response.queued) };
  if (response.granted) return { kind: 'granted', ...heldLease(response.granted) };
  if (response.contended) return { kind: 'contended', ...queuedRequest(response.contended) };
  if (response.keepAliveAck) {
    const { sequence, ttl } = response.keepAliveAck;
    return { kind: 'keep-alive-ack', sequence: Number(sequence), ttlMs: ttlMilliseconds(ttl) };
  }
  if (response.lost) {
    const { leaseId, reason } = response.lost;
    const name = String(reason).replace('LOST_REASON_', '').toLowerCase().replaceAll('_', '-');
    return { kind: 'lost', leaseId, reason: name };
  }
  if (response.released) return { kind: 'released', leaseId: response.released.leaseId };
  if (response.denied) {
    const { requestId, leaseId, status } = response.denied;
    // A release that is refused finds the lease over, or another's: ours it is not.
    if (leaseId !== '') return { kind: 'released', leaseId };
    const error =
      status === null
        ? new HoldfastError('UNAVAILABLE', 'the server denied the request and said no reason')
        : errorOfStatus(status);
    return { kind: 'denied', requestId, error };
  }
  if (response.draining) return { kind: 'draining' };
  return undefined;
}

function welcome(wire: Welcome__Output): ServerMessage {
  return {
    kind: 'welcome',
    id: wire.sessionId,
    secret: wire.secret,
    resumed: wire.resumed,
    effectiveTtlMs: ttlMilliseconds(wire.effectiveTtl),
    held: wire.held.map(heldLease),
    queued: wire.queued.map(queuedRequest),
  };
}

function heldLease({ requestId, name, leaseId, token }: HeldLease__Output): HeldLease {
  return { requestId, name, leaseId, token: BigInt(token) };
}

function queuedRequest({ requestId, name, position, holder }: Queued__Output): QueuedRequest {
  return { requestId, name, position, holder };
}

/** A TTL of nothing would have us renew without a pause. */
function ttlMilliseconds(ttl: Duration__Output | null): number {
  const ttlMs = ttl === null ? 0 : millisecondsOf(ttl);
  if (!(ttlMs >= 1)) throw new HoldfastError('UNAVAILABLE', `the server sent a TTL of ${ttlMs} ms`);
  return ttlMs;
}
