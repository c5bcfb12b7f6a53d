import { EmbeddedLockBackend, EmbeddedLocks, KeyLocks, type LockManager } from '../locks/index.ts';
import type { Runtime } from '../ports/runtime.ts';
import { epochTokens } from './epoch-tokens.ts';

/** A cache's locks: of its keys and by name, with tokens from one source. */
export class CacheLocks {
  readonly byKey: KeyLocks;
  readonly backend: EmbeddedLockBackend;
  readonly named: LockManager;

  constructor({ clock, random }: Pick<Runtime, 'clock' | 'random'>, epoch: number) {
    const tokens = epochTokens(epoch);
    this.byKey = new KeyLocks({ clock, tokens });
    this.backend = new EmbeddedLockBackend({ clock, random, tokens });
    this.named = new EmbeddedLocks(this.backend);
  }

  dispose(): void {
    this.byKey.dispose();
    this.backend.dispose();
  }
}
