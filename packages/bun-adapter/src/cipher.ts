import { type Cipher, type SodiumAead, sodiumCipher } from '@holdfast/core';

/** Loaded only when it is needed: a machine it has no binary for runs everything else. */
export async function loadBunCipher(): Promise<Cipher> {
  const { default: sodium } = await import('sodium-native');
  // Its types want Node's `Buffer`; any bytes will do.
  return sodiumCipher(sodium as unknown as SodiumAead);
}
