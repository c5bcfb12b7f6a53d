import { createEncoder } from '../codec/codec.ts';
import { ShapeDictionary } from '../codec/shape-dictionary.ts';
import { ValueDecoder } from '../codec/value-decoder.ts';
import { ValueWriter } from '../codec/value-writer.ts';
import { openEngine } from '../engine/open-engine.ts';
import { InvalidArgumentError } from '../errors.ts';
import { tokensAfter } from '../locks/index.ts';
import type { Cipher } from '../ports/cipher.ts';
import type { Runtime } from '../ports/runtime.ts';
import { Cache } from './cache.ts';
import { openCacheLocks } from './cache-locks.ts';
import { type CacheOptions, type CacheSettings, resolveCacheOptions } from './cache-options.ts';
import { createCacheParts } from './cache-parts.ts';
import type { ValueCoding } from './cached-values.ts';

/**
 * Opens a cache on a runtime's ports. Users call their adapter's `openCache(options)` instead.
 * Rejects with `INVALID_ARGUMENT`, `DIRECTORY_LOCKED` (another opener; its pid in `details`),
 * `READ_ONLY`, `NO_SPACE`, `IO`, and `CORRUPT` only for a store of a later format. Damage never
 * fails it: see `stats().recovery`.
 */
export async function openCacheOn<V = unknown>(
  runtime: Runtime,
  options: CacheOptions = {},
): Promise<Cache<V>> {
  const settings = resolveCacheOptions(options, runtime);
  const shapes = new ShapeDictionary();
  const { encryptionKeys: keys } = settings;
  const encryption = keys.length === 0 ? undefined : { cipher: await loadCipher(runtime), keys };
  const engineSettings = { ...settings.engine, encryption };
  const engine = await openEngine(runtime, engineSettings, shapes);
  try {
    const tokens = tokensAfter(engine.tokenBase);
    const locks = await openCacheLocks(runtime, engineSettings, tokens);
    const coding = createCoding(runtime, settings, shapes);
    return new Cache<V>(createCacheParts<V>(runtime, { settings, engine, coding, locks, tokens }));
  } catch (error) {
    await engine.close().catch(() => {});
    throw error;
  }
}

async function loadCipher({ loadCipher: load }: Runtime): Promise<Cipher> {
  if (load === undefined) throw new InvalidArgumentError('encryption: this runtime has no cipher');
  try {
    return await load();
  } catch (cause) {
    const message = 'encryption: the cipher cannot be loaded on this machine';
    throw new InvalidArgumentError(message, {}, { cause });
  }
}

function createCoding(
  { accelerators, compressors }: Runtime,
  { codec, compression, engine: { valueBytesMax } }: CacheSettings,
  shapes: ShapeDictionary,
): ValueCoding {
  const encoder = createEncoder(codec, shapes);
  return {
    writer: new ValueWriter({ encoder, valueBytesMax, compression }),
    decoder: new ValueDecoder(accelerators, shapes, { codec, compressors, valueBytesMax }),
  };
}
