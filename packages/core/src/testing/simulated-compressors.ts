import type { CompressionName, Compressor, Compressors } from '../ports/compression.ts';

const RUN_BYTES_MAX = 255;

/**
 * Run lengths: pairs of a count and a byte, behind the first letter of the algorithm they stand
 * for, so that each refuses what another has written. No `zstd`, as on a Node that has none.
 */
export const simulatedCompressors: Compressors = {
  gzip: runLengths('gzip'),
  deflate: runLengths('deflate'),
  brotli: runLengths('brotli'),
};

function runLengths(name: CompressionName): Compressor {
  const mark = name.charCodeAt(0);
  return {
    compress(bytes) {
      const out = [mark];
      for (let at = 0; at < bytes.length; ) {
        const byte = bytes[at] as number;
        const start = at;
        while (at < bytes.length && bytes[at] === byte && at - start < RUN_BYTES_MAX) at++;
        out.push(at - start, byte);
      }
      return Uint8Array.from(out);
    },
    decompress(bytes, bytesMax) {
      if (bytes[0] !== mark || bytes.length % 2 === 0)
        throw new Error(`these bytes are not of ${name}`);
      const out: number[] = [];
      for (let at = 1; at < bytes.length; at += 2) {
        const count = bytes[at] as number;
        if (out.length + count > bytesMax) throw new RangeError(`more than ${bytesMax} bytes`);
        for (let index = 0; index < count; index++) out.push(bytes[at + 1] as number);
      }
      return Uint8Array.from(out);
    },
  };
}
