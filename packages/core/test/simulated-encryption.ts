import type { EncryptionSettings } from '../src/engine/keyring.ts';
import { simulatedCipher } from '../src/testing/index.ts';

/** Keys of these ids, the first one writes; what an id's key is stays the same. */
export function encryptionWith(...ids: readonly string[]): EncryptionSettings {
  const key = (id: string) => new Uint8Array(32).fill(id.charCodeAt(0));
  return { cipher: simulatedCipher, keys: ids.map((id) => ({ id, key: key(id) })) };
}
