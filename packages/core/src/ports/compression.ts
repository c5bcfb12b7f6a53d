/** The algorithms a value may be compressed with, as zlib and HTTP name them. */
export type CompressionName = 'gzip' | 'deflate' | 'brotli' | 'zstd';

/** One algorithm. Both directions block the calling thread, and neither keeps `bytes`. */
export interface Compressor {
  compress(bytes: Uint8Array): Uint8Array;

  /**
   * What was compressed. Throws for more than `bytesMax` bytes, having made no more than these, and
   * for bytes that are not of this algorithm.
   */
  decompress(bytes: Uint8Array, bytesMax: number): Uint8Array;
}

/**
 * What a runtime offers. What one runtime has compressed, every other that offers the algorithm
 * reads. Judged by `compressorsConformance`.
 */
export type Compressors = Readonly<Partial<Record<CompressionName, Compressor>>>;
