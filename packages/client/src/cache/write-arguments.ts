/** What the calls of a cache are given, checked and as an operation has it. */
import {
  type CacheKey,
  type Durability,
  type Fence,
  InvalidArgumentError,
  type SetOptions,
} from '@holdfast/core';
import {
  assertLockName,
  durabilityOption,
  expiryTime,
  KeyEncoder,
  ownFence,
  ownTags,
  tagBytes,
  tagIds,
  ttlMs,
} from '@holdfast/core/client';

/** A key is copied out of it at once, so one serves all; the hash it also makes is not used. */
const keyEncoder = new KeyEncoder(0);

export function encodeKey(key: CacheKey): Uint8Array {
  keyEncoder.encode(key);
  return keyEncoder.bytes.slice(0, keyEncoder.length);
}

/** When a value is to expire; neither: the server's default. */
export function setDeadline({ ttl, expiresAt }: Pick<SetOptions, 'ttl' | 'expiresAt'>): {
  readonly ttlMs: number | undefined;
  readonly expiresAtMs: number | undefined;
} {
  if (ttl !== undefined && expiresAt !== undefined) {
    throw new InvalidArgumentError('ttl and expiresAt exclude each other');
  }
  return {
    ttlMs: ttl === undefined ? undefined : ttlMs(ttl, 'ttl'),
    expiresAtMs: expiresAt === undefined ? undefined : expiryTime(expiresAt),
  };
}

export function optionalDurability(durability: Durability | undefined): Durability | undefined {
  return durability === undefined ? undefined : durabilityOption(durability);
}

/** Tags of any number. */
export function textTags(tags: Iterable<string>): readonly string[] {
  const own = ownTags(tags);
  // Throws for what are none.
  tagIds(own);
  return own.map(wellFormed);
}

/** What is no text becomes what the embedded cache makes of it. */
function wellFormed(tag: string): string {
  return tag.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

/** Those of one value, each once. */
export function optionalTags(tags: Iterable<string> | undefined): readonly string[] | undefined {
  if (tags === undefined) return undefined;
  const own = ownTags(tags);
  // Throws for what are none, and for too many.
  if (tagBytes(own).length === 0) return undefined;
  return [...new Set(own.map(wellFormed))];
}

export function optionalFence(fence: Fence | undefined): Fence | undefined {
  if (fence === undefined) return undefined;
  const own = ownFence(fence);
  assertLockName(own.name);
  return own;
}
