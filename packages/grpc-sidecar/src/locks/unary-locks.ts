/**
 * The unary calls of LockService, for clients without a stream.
 *
 * A call that waits ends when it is granted, when its wait is over, when its client cancels it or
 * its deadline passes, and when the server drains; in the last three the request leaves the queue.
 * A grant that such a call did not get to answer is given back. One that was answered lives for its
 * TTL, whether the answer arrived or not: a client that wants to ask again sends a request id.
 */
import type { ServerUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { LeaseOutcome, LeaseRequest, LockBackend } from '@holdfast/core/backend';
import type {
  AcquireRequest__Output,
  AcquireResponse,
  GetLockRequest__Output,
  GetLockResponse,
  ReleaseRequest__Output,
  ReleaseResponse,
  RenewRequest__Output,
  RenewResponse,
  TryAcquireRequest__Output,
  ValidateTokenRequest__Output,
  ValidateTokenResponse,
} from '@holdfast/protos';
import { CLIENT_NAME_BYTES_MAX, SESSION_TTL_MS_DEFAULT } from '../server/limits.ts';
import { answering } from '../server/unary-call.ts';
import { drainingError } from '../status/request-errors.ts';
import { duration, durationMs } from '../wire/duration.ts';
import { assertTextSize } from '../wire/text-size.ts';
import { lockInfo, lockTerms } from './lock-values.ts';

export class UnaryLocks {
  readonly #backend: LockBackend;
  /** Of the calls that may wait. */
  readonly #aborts = new Set<AbortController>();
  #isDraining = false;

  constructor(backend: LockBackend) {
    this.#backend = backend;
  }

  handlers(): UntypedServiceImplementation {
    const backend = this.#backend;
    return {
      Acquire: answering<AcquireRequest__Output, AcquireResponse>(async (request, call) => {
        const waitMs = durationMs(request.wait, Number.POSITIVE_INFINITY, 'wait');
        return this.#acquire({ ...leaseRequest(request), waitMs }, call);
      }),
      TryAcquire: answering<TryAcquireRequest__Output, AcquireResponse>(async (request, call) =>
        this.#acquire({ ...leaseRequest(request), waitMs: 0 }, call),
      ),
      Renew: answering<RenewRequest__Output, RenewResponse>(async ({ leaseId, token }) => {
        return { ttl: duration(await backend.renewLease(leaseId, BigInt(token))) };
      }),
      Release: answering<ReleaseRequest__Output, ReleaseResponse>(async ({ leaseId, token }) => {
        await backend.releaseLease(leaseId, BigInt(token));
        return {};
      }),
      GetLock: answering<GetLockRequest__Output, GetLockResponse>(async ({ name }) => {
        return { lock: lockInfo(await backend.getLock(name)) };
      }),
      ValidateToken: answering<ValidateTokenRequest__Output, ValidateTokenResponse>(
        async ({ name, token }) => {
          const { isValid, highestToken } = await backend.validateToken(name, BigInt(token));
          return { valid: isValid, highestToken: String(highestToken) };
        },
      ),
    };
  }

  /** Ends the calls that wait, and takes no new ones; leases can be renewed and released. */
  drain(): void {
    this.#isDraining = true;
    for (const abort of this.#aborts) abort.abort(drainingError());
  }

  async #acquire(
    request: LeaseRequest,
    call: ServerUnaryCall<unknown, object>,
  ): Promise<AcquireResponse> {
    if (this.#isDraining) throw drainingError();
    const abort = new AbortController();
    const onCancelled = () => abort.abort(cancelledError());
    call.on('cancelled', onCancelled);
    if (call.cancelled) onCancelled();
    this.#aborts.add(abort);
    try {
      return acquireResponse(
        await this.#backend.acquireLease({ ...request, signal: abort.signal }),
      );
    } finally {
      this.#aborts.delete(abort);
    }
  }
}

function leaseRequest(
  request: AcquireRequest__Output | TryAcquireRequest__Output,
): Omit<LeaseRequest, 'waitMs'> {
  const { name, requestId, clientName } = request;
  assertTextSize(clientName, CLIENT_NAME_BYTES_MAX, 'client_name');
  return {
    name,
    ttlMs: durationMs(request.ttl, SESSION_TTL_MS_DEFAULT, 'ttl'),
    terms: lockTerms(request),
    requestId: requestId === '' ? undefined : requestId,
    clientName,
  };
}

function acquireResponse(outcome: LeaseOutcome): AcquireResponse {
  if (outcome.kind === 'contended') {
    const { holder, position } = outcome;
    return { contended: { holder, position } };
  }
  const { leaseId, token, remainingMs } = outcome;
  return { granted: { leaseId, token: String(token), effectiveTtl: duration(remainingMs) } };
}

/** Nobody reads it: the call is over. */
function cancelledError(): HoldfastError {
  return new HoldfastError('UNAVAILABLE', 'the call was cancelled');
}
