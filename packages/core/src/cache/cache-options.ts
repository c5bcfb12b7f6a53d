import type { Durability } from '../backend/cache-backend.ts';
import { type Codec, type CodecName, codecOption, msgpack } from '../codec/codec.ts';
import type { ValueCompression } from '../codec/value-compression.ts';
import type { EncryptionKey } from '../engine/keyring.ts';
import type { EngineSettings } from '../engine/settings.ts';
import { type HoldfastError, InvalidArgumentError } from '../errors.ts';
import { type Duration, durationMs } from '../expiry/duration.ts';
import { NEVER } from '../expiry/expiry.ts';
import type { CompressionName, Compressors } from '../ports/compression.ts';
import type { Runtime } from '../ports/runtime.ts';
import { assertKnownOptions } from './check-options.ts';
import { ttlMs } from './deadline.ts';
import { encryptionOption } from './encryption-option.ts';

export interface CacheOptions {
  /**
   * Where the store's files live; made if missing. One process at a time. Default
   * `'./holdfast-data'`.
   */
  directory?: string | undefined;
  /** `false`: memory only, nothing on disk. Default `true`. */
  persistent?: boolean | undefined;
  /**
   * Main files are named by so many hex digits of SHA-256(key): 0, 1 or 2. More digits spread the
   * keys over more, smaller files, each with a sync of its own. Default 0.
   */
  hashPrefixLength?: 0 | 1 | 2 | undefined;
  /**
   * How often expired segments are reclaimed, 10 ms to a day; reads are exact regardless. Default
   * `'1s'`.
   */
  cleanupInterval?: Duration | undefined;
  /** Bytes of index and records in memory, 1 MiB at least. Default 256 MiB. */
  memoryBytesMax?: number | undefined;
  /**
   * Bytes of all files, garbage included, 1 MiB at least; less if the disk is full before. Default
   * 1 GiB; `Infinity` = never evict, on a full disk neither: sets fail with `NO_SPACE` then.
   */
  diskBytesMax?: number | undefined;
  /**
   * Bytes of one encoded value, 1 to 64 MiB. Default 16 MiB. Never more than a quarter of
   * `memoryBytesMax` and of `diskBytesMax`. A larger value is refused with `TOO_LARGE`, and a
   * larger compressed one, set when the limit was higher, is `CORRUPT`.
   */
  valueBytesMax?: number | undefined;
  /**
   * What an awaited `set` has survived: nothing yet, kill -9, or a power cut. Default `'buffered'`.
   */
  durability?: Durability | undefined;
  /** `'buffered'`: the longest a set stays unwritten, 1 ms to a day. Default `'50ms'`. */
  flushInterval?: Duration | undefined;
  /**
   * `'buffered'` and `'written'`: the longest a set stays unsynced, 1 ms to a day. Default `'1s'`.
   */
  syncInterval?: Duration | undefined;
  /** Applies to every set without `ttl` or `expiresAt`. Default `null`: never expires. */
  defaultTtl?: Duration | null | undefined;
  /**
   * How values are written: `'msgpack'` (default), `'json'`, `'bytes'`, or a codec of your own.
   * What the built-in ones wrote is always read; a value of a codec of your own is `CORRUPT` to a
   * cache opened without it.
   */
  codec?: CodecName | Codec | undefined;
  /**
   * How large values are compressed: `'gzip'`, `'deflate'`, `'brotli'`, `'zstd'` as far as this
   * runtime has it (Node from 22.15 on), or `'none'`, the default. Whatever this is, every value is
   * read that was compressed with what the runtime has. One that does not shrink stays as it is.
   * Compressing blocks: a value of 4 KiB takes about 50 µs, and 20 µs to be read (docs/adr).
   */
  compression?: 'none' | CompressionName | undefined;
  /** The smallest value that is compressed, in encoded bytes, 1 to 64 MiB. Default 1 KiB. */
  compressionBytesMin?: number | undefined;
  /**
   * Keys, values and the lock journal are encrypted on the disk with XChaCha20-Poly1305, and damage
   * or forgery of them is noticed; in memory they are plain. Default: not encrypted. The first key
   * encrypts new files, all of them read: to rotate, put a new one in front, and drop the old one
   * when no file needs it any more. A key that a file needs and that is not here, or is another one
   * of that id, is `INVALID_ARGUMENT` (`details.keyId`), before anything is changed. Files that are
   * not encrypted are read as well, and go with time. Without `persistent` it has no effect.
   */
  encryption?: EncryptionOptions | undefined;
  /**
   * Hears every error nobody awaits: failed background writes, damage found. Default: a process
   * warning.
   */
  onError?: ((error: HoldfastError) => void) | undefined;
}

/** What a store is encrypted with. */
export interface EncryptionOptions {
  /** 1 to 64 of them; the first one writes. */
  readonly keys: readonly EncryptionKey[];
}

/** `CacheOptions` after defaults and checks. */
export interface CacheSettings {
  /** Empty: not encrypted. */
  readonly encryptionKeys: readonly EncryptionKey[];
  readonly engine: EngineSettings;
  readonly defaultTtlMs: number;
  readonly codec: Codec;
  readonly compression: ValueCompression | undefined;
}

const KNOWN: ReadonlySet<string> = new Set<keyof CacheOptions>([
  'directory',
  'persistent',
  'hashPrefixLength',
  'cleanupInterval',
  'memoryBytesMax',
  'diskBytesMax',
  'valueBytesMax',
  'durability',
  'flushInterval',
  'syncInterval',
  'defaultTtl',
  'codec',
  'compression',
  'compressionBytesMin',
  'encryption',
  'onError',
]);

const MIB = 1024 * 1024;
const BYTES_MIN = MIB;
const VALUE_BYTES_MAX = 64 * MIB;

const COMPRESSIONS = ['none', 'gzip', 'deflate', 'brotli', 'zstd'] as const;
/** Below, a value shrinks to half at best, and a record has its header all the same (docs/adr). */
const COMPRESSION_BYTES_MIN = 1024;

const DAY_MS = 86_400_000;

/** Throws `INVALID_ARGUMENT` naming the option that is wrong. */
export function resolveCacheOptions(
  options: CacheOptions,
  runtime: Pick<Runtime, 'reportError' | 'compressors'>,
): CacheSettings {
  assertKnownOptions(options, KNOWN, 'openCache');
  const { codec = msgpack, defaultTtl, onError } = options;
  if (onError !== undefined && typeof onError !== 'function') {
    throw new InvalidArgumentError('onError must be a function');
  }
  const isPersistent = booleanOption(options.persistent ?? true, 'persistent');
  const memoryBytesMax = bytesOption(options.memoryBytesMax ?? 256 * MIB, 'memoryBytesMax');
  const diskBytesMax = bytesOption(options.diskBytesMax ?? 1024 * MIB, 'diskBytesMax');
  return {
    codec: codecOption(codec),
    encryptionKeys: encryptionOption(options.encryption),
    compression: compressionOption(options, runtime.compressors ?? {}),
    defaultTtlMs: defaultTtl == null ? NEVER : ttlMs(defaultTtl, 'defaultTtl'),
    engine: {
      directory: directoryOption(options.directory ?? './holdfast-data'),
      isPersistent,
      hashPrefixLength: oneOf(options.hashPrefixLength ?? 0, [0, 1, 2], 'hashPrefixLength'),
      cleanupIntervalMs: intervalOption(options.cleanupInterval ?? 1_000, 10, 'cleanupInterval'),
      memoryBytesMax,
      diskBytesMax,
      valueBytesMax: Math.min(
        valueBytesOption(options.valueBytesMax ?? 16 * MIB, 'valueBytesMax'),
        Math.floor(memoryBytesMax / 4),
        isPersistent ? Math.floor(diskBytesMax / 4) : NEVER,
      ),
      durability: durabilityOption(options.durability ?? 'buffered'),
      flushIntervalMs: intervalOption(options.flushInterval ?? 50, 1, 'flushInterval'),
      syncIntervalMs: intervalOption(options.syncInterval ?? 1_000, 1, 'syncInterval'),
      onError: guarded(onError, runtime.reportError),
    },
  };
}

export function durabilityOption(durability: Durability): Durability {
  return oneOf(durability, ['buffered', 'written', 'synced'], 'durability');
}

/** An `onError` that throws must not break what reported to it. */
function guarded(
  onError: ((error: HoldfastError) => void) | undefined,
  reportError: (error: HoldfastError) => void,
): (error: HoldfastError) => void {
  if (onError === undefined) return reportError;
  return (error) => {
    try {
      onError(error);
    } catch (thrown) {
      reportError(error);
      reportError(thrown as HoldfastError);
    }
  };
}

function directoryOption(directory: string): string {
  if (typeof directory !== 'string' || directory === '' || directory.includes('\0')) {
    throw new InvalidArgumentError('directory must be a path');
  }
  return directory.length > 1 ? directory.replace(/\/+$/, '') : directory;
}

function booleanOption(value: boolean, name: string): boolean {
  return oneOf(value, [true, false], name);
}

function oneOf<T>(value: T, allowed: readonly T[], name: string): T {
  if (allowed.includes(value)) return value;
  throw new InvalidArgumentError(
    `${name} must be one of ${allowed.join(', ')}, got=${String(value)}`,
  );
}

function bytesOption(value: number, name: string): number {
  const isWhole = Number.isSafeInteger(value) || (value === NEVER && name === 'diskBytesMax');
  if (isWhole && value >= BYTES_MIN) return value;
  throw new InvalidArgumentError(
    `${name} must be a whole number of bytes, 1 MiB at least, got=${String(value)}`,
  );
}

function valueBytesOption(value: number, name: string): number {
  if (Number.isSafeInteger(value) && value >= 1 && value <= VALUE_BYTES_MAX) return value;
  throw new InvalidArgumentError(`${name} must be 1 to ${VALUE_BYTES_MAX}, got=${String(value)}`);
}

function compressionOption(
  { compression = 'none', compressionBytesMin = COMPRESSION_BYTES_MIN }: CacheOptions,
  compressors: Compressors,
): ValueCompression | undefined {
  const bytesMin = valueBytesOption(compressionBytesMin, 'compressionBytesMin');
  const name = oneOf(compression, COMPRESSIONS, 'compression');
  if (name === 'none') return undefined;
  const compressor = compressors[name];
  if (compressor !== undefined) return { name, compressor, bytesMin };
  const offered = ['none', ...Object.keys(compressors)].join(', ');
  throw new InvalidArgumentError(`this runtime has no compression=${name}, only ${offered}`);
}

/** Between `minMs` and a day. */
export function intervalOption(value: Duration, minMs: number, name: string): number {
  const ms = durationMs(value, name);
  if (ms >= minMs && ms <= DAY_MS) return ms;
  throw new InvalidArgumentError(`${name} must be ${minMs} ms to 1 day, got=${String(value)}`);
}
