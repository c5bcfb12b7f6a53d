import type { Fence } from '../backend/cache-backend.ts';
import type { EngineSettings } from '../engine/settings.ts';
import {
  EmbeddedLockBackend,
  EmbeddedLocks,
  KeyLocks,
  type LockManager,
  openLocks,
  staleToken,
  type TokenSource,
} from '../locks/index.ts';
import type { Runtime } from '../ports/runtime.ts';

/** A cache's locks: of its keys and by name, with tokens from one source. */
export class CacheLocks {
  readonly byKey: KeyLocks;
  readonly backend: EmbeddedLockBackend;
  readonly named: LockManager;

  constructor(
    { clock }: Pick<Runtime, 'clock'>,
    tokens: TokenSource,
    backend: EmbeddedLockBackend,
  ) {
    this.byKey = new KeyLocks({ clock, tokens });
    this.backend = backend;
    this.named = new EmbeddedLocks(backend);
  }

  /**
   * Throws `STALE_FENCING_TOKEN` unless the lease is held at this very moment: in the same turn
   * nobody else can be granted the lock. Tokens are of one source, so a named lease and that of a
   * key, in the namespace of that space, cannot be taken for each other.
   */
  assertHeld(fence: Fence, space: string): void {
    const { name, token } = fence;
    const { isHeld, highestToken } = this.backend.tokenStanding(name, token);
    if (isHeld || this.byKey.isHeld(name, token, space)) return;
    throw staleToken(fence, highestToken);
  }

  /** Resolves when what was decided is kept. */
  close(): Promise<void> {
    this.byKey.dispose();
    return this.backend.close();
  }
}

/** Locks that go on where an earlier process left them, if the cache is persistent. */
export async function openCacheLocks(
  runtime: Runtime,
  { isPersistent, directory, encryption, onError }: EngineSettings,
  tokens: TokenSource,
): Promise<CacheLocks> {
  const { clock, random } = runtime;
  const backend = isPersistent
    ? await openLocks(runtime, { directory, tokens, encryption, onError })
    : new EmbeddedLockBackend({ clock, random, tokens });
  return new CacheLocks(runtime, tokens, backend);
}
