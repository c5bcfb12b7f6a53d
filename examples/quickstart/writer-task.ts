/** What `writer-program.ts` is told to write, as JSON in a file. */
export interface WriterTask {
  readonly directory: string;
  readonly memoryBytesMax: number;
  readonly sourceFolder: string;
  readonly paths: readonly string[];
}

/** Sets that the writer has begun and that are not acknowledged, at most. */
export const IN_FLIGHT_MAX = 64;
