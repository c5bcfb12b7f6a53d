import type { EncryptionSettings } from '../engine/keyring.ts';
import type { HoldfastError } from '../errors.ts';
import type { Runtime } from '../ports/runtime.ts';
import { EmbeddedLockBackend } from './embedded-lock-backend.ts';
import { LockJournal } from './journal/lock-journal.ts';
import { readLockJournal } from './journal/read-journal.ts';
import type { TokenSource } from './token-source.ts';

/**
 * The locks of a directory, with the sessions, leases and queues that are alive in it. The caller
 * has the directory's lock. Rejects with `IO` if what is there cannot be read, `INVALID_ARGUMENT`
 * if its key was not given.
 */
export async function openLocks(
  runtime: Runtime,
  options: {
    readonly directory: string;
    readonly tokens: TokenSource;
    /** As of the store: what encrypts new files, and reads old ones. */
    readonly encryption?: EncryptionSettings | undefined;
    readonly onError: (error: HoldfastError) => void;
  },
): Promise<EmbeddedLockBackend> {
  const { fileSystem, clock, random } = runtime;
  const { directory, tokens, encryption, onError } = options;
  const boot = await runtime.readBootTime?.();
  const files = { fileSystem, directory, clock, boot, encryption };
  const { locks, numbers } = await readLockJournal({ ...files, onDamage: onError });
  const journal = new LockJournal({ ...files, random, numbers, onError });
  return new EmbeddedLockBackend({ clock, random, tokens, journal, restored: locks });
}
