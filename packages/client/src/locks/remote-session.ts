/**
 * One session with the server: its leases, its waiting requests, and the renewals that keep them.
 * It outlives any stream: after a break it is resumed with its id and secret, and both sides
 * compare what they hold.
 *
 *     (request) ─► attaching ─welcome─► attached ◄─welcome, resumed─► detached
 *                                           └─ deadline passed, or unknown to the server ─► over
 *
 * Invariants
 * - S1 no lease counts as held at or after the session's deadline; `over` is final.
 * - S2 a grant nobody waits for any more is released at once.
 * - S3 a request settles exactly once; a resumed session asks again under the same request id.
 * - S4 the deadline is looked at before anything of the user's is called.
 */
import { HoldfastError } from '@holdfast/core';
import type { QueuedRequest } from '@holdfast/core/backend';
import { KEEP_ALIVES_PER_TTL } from '@holdfast/core/client';
import type { Clock, Timer } from '@holdfast/core/ports';
import { closedError } from '../closed-error.ts';
import type { ClientSettings } from '../connect-options.ts';
import type { ClientSystem } from '../system.ts';
import { LockRequest, type LockRequestOptions } from './lock-request.ts';
import { PendingRenewals } from './pending-renewals.ts';
import { type LeaseOwner, RemoteLease } from './remote-lease.ts';
import { RenewalDeadline } from './renewal-deadline.ts';
import { RenewalWatch } from './renewal-watch.ts';
import { SessionConnection, type Welcome } from './session-connection.ts';
import type {
  ClientMessage,
  GrantedLease,
  OpenSessionStream,
  ServerMessage,
} from './session-stream.ts';

/** An attempt to attach may take a third of the TTL, and never longer than this. */
const ATTEMPT_MS_MAX = 5_000;

export class RemoteSession implements LeaseOwner {
  readonly #system: ClientSystem;
  readonly #settings: ClientSettings;
  readonly #connection: SessionConnection;
  readonly #onOver: () => void;
  readonly #deadline = new RenewalDeadline();
  readonly #requests = new Map<string, LockRequest>();
  readonly #leases = new Map<string, RemoteLease>();
  /** Leases given back, until the server knows. */
  readonly #releasing = new Map<string, { readonly token: bigint; readonly done: () => void }>();
  readonly #renewals = new PendingRenewals();
  readonly #watch: RenewalWatch;
  #identity: { readonly id: string; readonly secret: string } | undefined;
  #ttlMs: number;
  #nextRequestNumber = 1;
  #idleTicks = 0;
  #isOver = false;
  #lastError: HoldfastError | undefined;
  #keepAliveTimer: Timer | undefined;

  constructor(
    openStream: OpenSessionStream,
    system: ClientSystem,
    settings: ClientSettings,
    ttlMs: number,
    onOver: () => void,
  ) {
    this.#system = system;
    this.#settings = settings;
    this.#ttlMs = ttlMs;
    this.#onOver = onOver;
    this.#watch = new RenewalWatch(system.clock, this.#deadline, {
      expireIfPast: () => this.expireIfPast(),
      onJeopardy: () => this.#tellLeases('jeopardy'),
      onSafe: () => this.#tellLeases('safe'),
    });
    const connectionSettings = {
      reconnectDelayMsMax: Math.min(settings.reconnectDelayMsMax, ttlMs / KEEP_ALIVES_PER_TTL),
      attemptMsMax: Math.min(ttlMs / KEEP_ALIVES_PER_TTL, ATTEMPT_MS_MAX),
    };
    this.#connection = new SessionConnection(openStream, system, connectionSettings, {
      hello: () => this.#hello(),
      onWelcome: (message, sequence) => this.#onWelcome(message, sequence),
      onMessage: (message) => this.#onMessage(message),
      onFailure: (error, permanent) => this.#onFailure(error, permanent),
      isNeeded: () => this.#isNeeded,
    });
  }

  /**
   * Rejects with `LOCK_TIMEOUT` when the wait is over, `UNAVAILABLE` when there is no server, or
   * the signal's reason.
   */
  request(options: LockRequestOptions): Promise<RemoteLease> {
    const id = `r${this.#nextRequestNumber++}`;
    const request = new LockRequest(id, options, () =>
      this.#withdraw(request, options.signal?.reason),
    );
    this.#requests.set(id, request);
    if (this.#connection.isAttached) {
      this.#sendRequest(request);
    } else {
      this.#startRequestTimer(request, this.#settings.timeoutMs);
      this.#connection.attach();
    }
    return request.result;
  }

  get clock(): Clock {
    return this.#system.clock;
  }

  get deadlineMs(): number {
    return this.#deadline.deadlineMs;
  }

  expireIfPast(): boolean {
    if (this.#isOver) return true;
    if (this.#identity === undefined) return false;
    if (!this.#deadline.isPast(this.#system.clock.monotonicMs())) return false;
    // The server may still count us in for a moment: the goodbye frees what we no longer use. But
    // what was lost with a lock delay is to stay closed for that.
    const isDelayed = [...this.#leases.values()].some(({ hasLockDelay }) => hasLockDelay);
    if (!isDelayed) this.#connection.send({ kind: 'goodbye' });
    this.#end('expired');
    return true;
  }

  renew(): Promise<void> {
    const renewed = this.#renewals.wait(this.#deadline.nextSequence);
    if (this.#connection.isAttached) this.#sendKeepAlive();
    return renewed;
  }

  release(lease: RemoteLease): Promise<void> {
    this.#leases.delete(lease.leaseId);
    if (this.#isOver) return Promise.resolve();
    return new Promise((resolve) => {
      this.#releasing.set(lease.leaseId, { token: lease.token, done: resolve });
      this.#send({ kind: 'release', leaseId: lease.leaseId, token: lease.token });
    });
  }

  /** Gives everything back, tells the server, and waits until it heard. */
  async close(): Promise<void> {
    this.#connection.send({ kind: 'goodbye' });
    const finished = this.#connection.finish();
    this.#end('closed', closedError());
    await finished;
  }

  get #isNeeded(): boolean {
    return this.#requests.size + this.#leases.size + this.#releasing.size > 0;
  }

  #hello(): { message: ClientMessage; sequence: number } {
    const { clientName, metadata, scope } = this.#settings;
    const sequence = this.#deadline.sent(this.#system.clock.monotonicMs());
    const ttlMs = this.#ttlMs;
    return {
      message: { kind: 'hello', clientName, metadata, ttlMs, scope, resume: this.#identity },
      sequence,
    };
  }

  #send(message: ClientMessage): void {
    this.#connection.send(message);
  }

  #sendKeepAlive(): void {
    const sequence = this.#deadline.sent(this.#system.clock.monotonicMs());
    this.#send({ kind: 'keep-alive', sequence });
  }

  #sendRequest(request: LockRequest): void {
    const { name, waitMs, terms } = request.options;
    if (!request.wasSent) {
      request.wasSent = true;
      // The server ends the wait; this timer is for when it cannot say so.
      this.#startRequestTimer(request, waitMs + this.#settings.timeoutMs);
    }
    this.#send({ kind: 'acquire', requestId: request.id, name, waitMs, terms });
  }

  #startRequestTimer(request: LockRequest, delayMs: number): void {
    request.startTimer(this.#system.clock, delayMs, () => {
      this.#withdraw(request, request.timeoutError(this.#lastError));
    });
  }

  /** Forgets a request. If the server grants it all the same, the grant is given back (S2). */
  #withdraw(request: LockRequest, error: unknown): void {
    if (!this.#requests.delete(request.id)) return;
    if (request.wasSent) this.#send({ kind: 'cancel', requestId: request.id });
    request.fail(error);
  }

  #onWelcome(message: Welcome, sequence: number): void {
    if (this.expireIfPast()) return;
    if (this.#identity !== undefined && !message.resumed) {
      this.#connection.send({ kind: 'goodbye' });
      this.#end('session-expired');
      return;
    }
    this.#identity = { id: message.id, secret: message.secret };
    this.#ttlMs = message.effectiveTtlMs;
    this.#onRenewed(sequence, message.effectiveTtlMs);
    this.#deadline.forgetUnacknowledged();
    this.#scheduleKeepAlive();
    this.#reconcile(message);
  }

  /** After a break, each side may know of something the other does not. */
  #reconcile(message: Welcome): void {
    const heldIds = new Set(message.held.map((held) => held.leaseId));
    for (const lease of [...this.#leases.values()]) {
      if (!heldIds.has(lease.leaseId)) this.#onLost(lease.leaseId, 'not-resumed');
    }
    for (const leaseId of [...this.#releasing.keys()]) {
      if (!heldIds.has(leaseId)) this.#onReleased(leaseId);
    }
    for (const held of message.held) this.#onGranted(held);
    const queuedIds = new Set(message.queued.map((queued) => queued.requestId));
    for (const queued of message.queued) this.#onQueued(queued);
    for (const request of [...this.#requests.values()]) {
      if (!queuedIds.has(request.id)) this.#sendRequest(request);
    }
  }

  #onMessage(message: ServerMessage): void {
    if (this.expireIfPast()) return;
    switch (message.kind) {
      case 'queued':
        this.#onQueued(message);
        break;
      case 'granted':
        this.#onGranted(message);
        break;
      case 'contended':
        this.#onContended(message.requestId, message.position, message.holder);
        break;
      case 'denied':
        this.#take(message.requestId)?.fail(message.error);
        break;
      case 'keep-alive-ack':
        this.#onRenewed(message.sequence, message.ttlMs);
        break;
      case 'released':
        this.#onReleased(message.leaseId);
        break;
      case 'lost':
        this.#onLost(message.leaseId, message.reason);
        break;
      case 'revoking':
        this.#leases.get(message.leaseId)?.revoke(message.remainingMs, message.reason);
        break;
      case 'jeopardy':
        this.#watch.warned();
        this.#sendKeepAlive();
        break;
      case 'draining':
        this.#connection.attach();
        break;
      case 'welcome':
        // The connection keeps it to itself.
        break;
    }
  }

  #take(requestId: string): LockRequest | undefined {
    const request = this.#requests.get(requestId);
    this.#requests.delete(requestId);
    return request;
  }

  #onQueued({ requestId, position, holder }: QueuedRequest): void {
    const request = this.#requests.get(requestId);
    if (request === undefined) {
      this.#send({ kind: 'cancel', requestId });
      return;
    }
    try {
      request.options.onQueued?.({ position, holder });
    } catch (error) {
      // The caller's own mistake goes to the caller.
      this.#withdraw(request, error);
    }
  }

  #onGranted(granted: GrantedLease): void {
    const { requestId, leaseId, token, holdLimitMs } = granted;
    if (this.#leases.has(leaseId)) return;
    const request = this.#take(requestId);
    // Withdrawn while the grant was on its way, or given back while the release was (S2).
    if (request === undefined) {
      this.#send({ kind: 'release', leaseId, token });
      return;
    }
    const lease = new RemoteLease(this, granted, request.options);
    this.#leases.set(leaseId, lease);
    if (holdLimitMs !== undefined) lease.limitHold(this.#deadline.earliestMs(holdLimitMs));
    request.settle(lease);
    if (this.#watch.isInJeopardy) lease.tell('jeopardy');
  }

  #onContended(requestId: string, position: number, holder: string): void {
    const request = this.#take(requestId);
    if (request === undefined) return;
    const details = { name: request.options.name, position, holder };
    request.fail(new HoldfastError('LOCK_TIMEOUT', 'the lock was not free in time', { details }));
  }

  #onReleased(leaseId: string): void {
    this.#releasing.get(leaseId)?.done();
    this.#releasing.delete(leaseId);
  }

  #onLost(leaseId: string, reason: string): void {
    this.#onReleased(leaseId);
    const lease = this.#leases.get(leaseId);
    this.#leases.delete(leaseId);
    lease?.lose(reason);
  }

  #onRenewed(sequence: number, ttlMs: number): void {
    const { clock } = this.#system;
    if (!this.#deadline.acknowledged(sequence, ttlMs, clock.monotonicMs())) return;
    this.#renewals.acknowledge(sequence);
    this.#watch.acknowledged();
  }

  #tellLeases(what: 'jeopardy' | 'safe'): void {
    for (const lease of this.#leases.values()) lease.tell(what);
  }

  #scheduleKeepAlive(): void {
    this.#keepAliveTimer?.cancel();
    const intervalMs = this.#ttlMs / KEEP_ALIVES_PER_TTL;
    this.#keepAliveTimer = this.#system.clock.startTimer(intervalMs, 'background', () => {
      this.#onKeepAliveTick();
    });
  }

  #onKeepAliveTick(): void {
    if (this.expireIfPast()) return;
    this.#idleTicks = this.#isNeeded ? 0 : this.#idleTicks + 1;
    if (this.#idleTicks > KEEP_ALIVES_PER_TTL) {
      void this.close();
      return;
    }
    // The last renewal is a third of the TTL old and not answered: perhaps another connection gets
    // through.
    if (this.#deadline.unacknowledgedCount > 0) this.#connection.attach();
    if (this.#connection.isAttached) this.#sendKeepAlive();
    this.#scheduleKeepAlive();
  }

  #onFailure(error: HoldfastError, permanent: boolean): void {
    if (this.expireIfPast()) return;
    this.#lastError = error;
    if (permanent) this.#end('session-expired', this.#identity === undefined ? error : undefined);
    else if (!this.#isNeeded && !this.#connection.isAttached) this.#end('idle');
  }

  /** The end, for whatever reason: nothing is held and nothing waits any more. */
  #end(reason: string, error?: HoldfastError): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#keepAliveTimer?.cancel();
    this.#watch.stop();
    void this.#connection.finish();
    this.#onOver();
    const requestError =
      error ??
      new HoldfastError('UNAVAILABLE', 'the session ended while the request was waiting', {
        details: { reason: 'SESSION_EXPIRED' },
        cause: this.#lastError,
      });
    const leases = [...this.#leases.values()];
    const requests = [...this.#requests.values()];
    const releasing = [...this.#releasing.values()];
    this.#leases.clear();
    this.#requests.clear();
    this.#releasing.clear();
    for (const lease of leases) lease.lose(reason);
    for (const request of requests) request.fail(requestError);
    for (const { done } of releasing) done();
    this.#renewals.failAll(
      new HoldfastError('LEASE_LOST', 'the session ended before the renewal', {
        details: { reason },
      }),
    );
  }
}
