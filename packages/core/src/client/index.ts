/**
 * What a remote client shares with the embedded cache, so that both take the same arguments. For
 * clients, not users.
 */
export { LOAD_OPTIONS } from '../cache/cache-loader.ts';
export { durabilityOption, intervalOption } from '../cache/cache-options.ts';
export { ownKey } from '../cache/cached-values.ts';
export { expiryTime, ttlMs } from '../cache/deadline.ts';
export { assertJitter, jitteredDeadline } from '../cache/jitter.ts';
export { Loads, type RunningLoad, startLoadTimer } from '../cache/loads.ts';
export { entryOptions } from '../cache/many.ts';
export { ownTags, TAG_NAME_BYTES_MAX, TAGS_MAX, tagBytes, tagIds } from '../cache/tags.ts';
export { MsgpackEncoder } from '../codec/msgpack-encoder.ts';
export { unpackPlain } from '../codec/plain-msgpack.ts';
export { encodingName, isPublicEncoding } from '../codec/value-encoding.ts';
export { KeyEncoder } from '../engine/key-encoder.ts';
export { ownFence } from '../locks/fence.ts';
export { KEEP_ALIVES_PER_TTL } from '../locks/keep-alives.ts';
export { keyLockName } from '../locks/key-name.ts';
export {
  assertLockName,
  LEASE_TTL_MS_MAX,
  LOCK_NAME_BYTES_MAX,
  leaseTtlMs,
  lockPrefix,
} from '../locks/lock-arguments.ts';
export { EXCLUSIVE, lockTerms } from '../locks/lock-terms.ts';
export { LEASE_TTL_MS_DEFAULT } from '../locks/locks.ts';
