import { KEY_BYTES } from '../engine/file-cipher.ts';
import type { EncryptionKey } from '../engine/keyring.ts';
import { KEY_ID_BYTES_MAX } from '../engine/segment-header.ts';
import { InvalidArgumentError } from '../errors.ts';
import type { EncryptionOptions } from './cache-options.ts';
import { assertKnownOptions } from './check-options.ts';

const KEYS_MAX = 64;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** The keys, copied: the caller may wipe theirs. None: not encrypted. Never names a key's bytes. */
export function encryptionOption(encryption: EncryptionOptions | undefined): EncryptionKey[] {
  if (encryption === undefined) return [];
  assertKnownOptions(encryption, new Set<keyof EncryptionOptions>(['keys']), 'encryption');
  const { keys } = encryption;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > KEYS_MAX) {
    throw new InvalidArgumentError(`encryption: keys must be a list of 1 to ${KEYS_MAX} keys`);
  }
  const ids = new Set<string>();
  return keys.map((entry: EncryptionKey) => {
    assertKnownOptions(entry, new Set<keyof EncryptionKey>(['id', 'key']), 'encryption: keys');
    const { id, key } = entry;
    if (typeof id !== 'string' || id.length > KEY_ID_BYTES_MAX || !PRINTABLE.test(id)) {
      const rule = `1 to ${KEY_ID_BYTES_MAX} printable ASCII characters`;
      throw new InvalidArgumentError(`encryption: the id of a key must be ${rule}`);
    }
    if (!(key instanceof Uint8Array) || key.length !== KEY_BYTES) {
      throw new InvalidArgumentError(`encryption: a key must be ${KEY_BYTES} bytes, id=${id}`);
    }
    if (ids.has(id)) throw new InvalidArgumentError(`encryption: two keys of one id=${id}`);
    ids.add(id);
    return { id, key: Uint8Array.from(key) };
  });
}
