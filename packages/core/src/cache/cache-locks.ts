import {
  EmbeddedLockBackend,
  EmbeddedLocks,
  KeyLocks,
  type LockManager,
  openLocks,
  type TokenSource,
} from '../locks/index.ts';
import type { Runtime } from '../ports/runtime.ts';
import type { CacheSettings } from './cache-options.ts';

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

  /** Resolves when what was decided is kept. */
  close(): Promise<void> {
    this.byKey.dispose();
    return this.backend.close();
  }
}

/** Locks that go on where an earlier process left them, if the cache is persistent. */
export async function openCacheLocks(
  runtime: Runtime,
  { engine: { isPersistent, directory, onError } }: CacheSettings,
  tokens: TokenSource,
): Promise<CacheLocks> {
  const { clock, random } = runtime;
  const backend = isPersistent
    ? await openLocks(runtime, { directory, tokens, onError })
    : new EmbeddedLockBackend({ clock, random, tokens });
  return new CacheLocks(runtime, tokens, backend);
}
