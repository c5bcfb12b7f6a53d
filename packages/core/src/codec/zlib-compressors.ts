import type { Compressor, Compressors } from '../ports/compression.ts';

interface ZlibOptions {
  maxOutputLength?: number;
  level?: number;
  params?: Record<number, number>;
}

type ZlibCall = (bytes: Uint8Array, options?: ZlibOptions) => Uint8Array;

/** What this needs of a module like `node:zlib`, which all three runtimes have. */
export interface SyncZlib {
  readonly gzipSync: ZlibCall;
  readonly gunzipSync: ZlibCall;
  readonly deflateSync: ZlibCall;
  readonly inflateSync: ZlibCall;
  readonly brotliCompressSync: ZlibCall;
  readonly brotliDecompressSync: ZlibCall;
  /** Node has it from 22.15 on. */
  readonly zstdCompressSync?: ZlibCall;
  readonly zstdDecompressSync?: ZlibCall;
  readonly constants: {
    readonly BROTLI_PARAM_QUALITY: number;
    readonly BROTLI_PARAM_LGWIN: number;
  };
}

/** Their defaults take two to five times as long for a tenth fewer bytes (docs/adr). */
const DEFLATE_LEVEL = 1;
const BROTLI_QUALITY = 4;

/** 256 KiB: the default of 4 MiB is allocated for every small value, in both directions. */
const BROTLI_WINDOW_BITS = 18;

/** The compressors of a runtime out of its zlib. */
export function zlibCompressors(zlib: SyncZlib): Compressors {
  const { zstdCompressSync, zstdDecompressSync, constants } = zlib;
  const hasZstd = zstdCompressSync !== undefined && zstdDecompressSync !== undefined;
  const deflate = { level: DEFLATE_LEVEL };
  const brotli = {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: BROTLI_WINDOW_BITS,
    },
  };
  return {
    gzip: compressor(zlib.gzipSync, zlib.gunzipSync, deflate),
    deflate: compressor(zlib.deflateSync, zlib.inflateSync, deflate),
    brotli: compressor(zlib.brotliCompressSync, zlib.brotliDecompressSync, brotli),
    ...(hasZstd && { zstd: compressor(zstdCompressSync, zstdDecompressSync, {}) }),
  };
}

function compressor(compress: ZlibCall, decompress: ZlibCall, options: ZlibOptions): Compressor {
  return {
    compress: (bytes) => compress(bytes, options),
    decompress: (bytes, bytesMax) => decompress(bytes, { maxOutputLength: bytesMax }),
  };
}
