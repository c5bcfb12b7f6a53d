/**
 * Changes of a cache as they happen, to whoever iterates over them.
 *
 *     set, delete, clear ─┐                ┌─► queue of a watch ─► for await
 *                         ├─► ChangeFeed ──┤
 *     engine: expire,     │                └─► queue of another
 *             evict ──────┘
 *
 * A watch hears of the namespace it was made in, by its own keys, and of no other.
 *
 * Nothing a watcher does runs inside the change it is told of, and a slow one holds nobody up: what
 * its queue has no room for is counted, and told when it has caught up.
 */

import { type CacheKey, decodeTextKey } from '../engine/key-encoder.ts';
import type { RemovalListener, RemovalReason } from '../engine/removal-listener.ts';
import type { CallGuard } from './call-guard.ts';
import { assertKnownOptions, assertSignal } from './check-options.ts';
import { assertPrefix, beginsWith } from './key-walk.ts';
import { type Namespace, splitKey } from './namespace.ts';

/**
 * What happened to a key, which is as it was given: text or bytes.
 * - `set`: it has a new value; `version` is that of `getEntry`. Not for `touch`: the value stays.
 * - `delete`: it was deleted or taken, and had a value.
 * - `expire`: its record was found past its deadline and removed. That happens when the space is
 *   reclaimed: no earlier than the deadline (of a value kept for longer: the end of that), possibly
 *   much later, and not at all if the key is set, deleted or cleared first. `get` goes by the
 *   deadline, whatever events have come.
 * - `evict`: its value was dropped, to stay within the limits.
 * - `invalidate`: every value with one of `tags` is gone; no other event tells of each.
 * - `clear`: every key is gone, those of namespaces within too; no other event tells of each. Told
 *   in the namespace that was cleared, and in those within it.
 * - `overflow`: this watch was too slow, and `missed` events are lost: whoever keeps something in
 *   step with the cache starts anew.
 *
 * Records lost to damage have no event: `onError` hears of them.
 */
export type ChangeEvent =
  | { readonly type: 'set'; readonly key: CacheKey; readonly version: bigint }
  | { readonly type: 'delete' | RemovalReason; readonly key: CacheKey }
  | { readonly type: 'invalidate'; readonly tags: readonly string[] }
  | { readonly type: 'clear' }
  | { readonly type: 'overflow'; readonly missed: number };

export interface WatchOptions {
  /** Only keys that begin with this text, as for `keys`, and every `clear` and `invalidate`. */
  prefix?: string | undefined;
  /** Ends the watch when it aborts; events not read by then are dropped. */
  signal?: AbortSignal | undefined;
}

/** Events that wait to be read, for each watch. */
export const WATCH_EVENTS_MAX = 1024;

const WATCH_OPTIONS: ReadonlySet<string> = new Set<keyof WatchOptions>(['prefix', 'signal']);
const DONE = { done: true, value: undefined } as const;

type Result = IteratorResult<ChangeEvent, undefined>;

/** Events from the call of `watch` on; to be iterated over once. */
class Watch implements AsyncIterableIterator<ChangeEvent, undefined> {
  readonly namespace: Namespace;
  readonly guard: CallGuard;
  readonly #prefix: string;
  readonly #signal: AbortSignal | undefined;
  readonly #onEnd: (watch: Watch) => void;
  readonly #onAbort = (): void => void this.return();
  readonly #queue: ChangeEvent[] = [];
  readonly #waiting: ((result: Result) => void)[] = [];
  #missed = 0;
  #isEnded = false;

  constructor(
    { prefix = '', signal }: WatchOptions,
    namespace: Namespace,
    guard: CallGuard,
    onEnd: (watch: Watch) => void,
  ) {
    this.namespace = namespace;
    this.guard = guard;
    this.#prefix = prefix;
    this.#signal = signal;
    this.#onEnd = onEnd;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  offer(event: ChangeEvent): void {
    if ('key' in event && !beginsWith(event.key, this.#prefix)) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) waiter({ done: false, value: event });
    else if (this.#missed > 0 || this.#queue.length === WATCH_EVENTS_MAX) this.#missed++;
    else this.#queue.push(event);
  }

  /** No events come any more; those that wait can still be read. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#onEnd(this);
    for (const waiter of this.#waiting.splice(0)) waiter(DONE);
  }

  async next(): Promise<Result> {
    const event = this.#queue.shift() ?? this.#overflow();
    if (event !== undefined) return { done: false, value: event };
    if (this.#isEnded) return DONE;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Called by `for await` when it is left. */
  async return(): Promise<Result> {
    this.end();
    this.#queue.length = 0;
    this.#missed = 0;
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #overflow(): ChangeEvent | undefined {
    const missed = this.#missed;
    this.#missed = 0;
    return missed === 0 ? undefined : { type: 'overflow', missed };
  }
}

export class ChangeFeed implements RemovalListener {
  readonly #watches = new Set<Watch>();
  readonly #listenToRemovals: (listener: RemovalListener | undefined) => void;
  /** Asked before anything is made for an event: nobody watching costs one look. */
  isWatched = false;

  /** `listenToRemovals` is told to listen while anybody watches, and `undefined` afterwards. */
  constructor(listenToRemovals: (listener: RemovalListener | undefined) => void) {
    this.#listenToRemovals = listenToRemovals;
  }

  /** Changes in the namespace, until the cache of that guard closes. */
  watch(
    options: WatchOptions,
    namespace: Namespace,
    guard: CallGuard,
  ): AsyncIterableIterator<ChangeEvent, undefined> {
    assertKnownOptions(options, WATCH_OPTIONS, 'watch');
    const { prefix = '', signal } = options;
    assertPrefix(prefix);
    assertSignal(signal);
    const watch = new Watch(options, namespace, guard, (ended) => {
      this.#watches.delete(ended);
      this.#noteWatched();
    });
    this.#watches.add(watch);
    this.#noteWatched();
    if (signal?.aborted) watch.end();
    return watch;
  }

  /** `space` is that of the namespace it happened in. */
  publish(event: ChangeEvent, space: string): void {
    for (const watch of this.#watches) if (watch.namespace.space === space) watch.offer(event);
  }

  /** Everything in the namespace is gone, and in those within it. */
  publishClear({ ids: [id] }: Namespace): void {
    for (const watch of this.#watches) {
      if (id === undefined || watch.namespace.ids.includes(id)) watch.offer({ type: 'clear' });
    }
  }

  onRemoved(reason: RemovalReason, key: Uint8Array, isText: boolean, isNamed: boolean): void {
    const { space, key: own } = isNamed ? splitKey(key) : { space: '', key };
    this.publish({ type: reason, key: isText ? decodeTextKey(own, 0, own.length) : own }, space);
  }

  /** Ends the watches of caches that have been closed. */
  endClosed(): void {
    for (const watch of this.#watches) if (!watch.guard.isOpen) watch.end();
  }

  #noteWatched(): void {
    const isWatched = this.#watches.size > 0;
    if (isWatched === this.isWatched) return;
    this.isWatched = isWatched;
    this.#listenToRemovals(isWatched ? this : undefined);
  }
}
