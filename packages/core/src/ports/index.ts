export type { Accelerators } from './accelerators.ts';
export type { BootTime } from './boot.ts';
export type { Cipher, CipherText } from './cipher.ts';
export { type Clock, delay, type Timer } from './clock.ts';
export type { CompressionName, Compressor, Compressors } from './compression.ts';
export type { DirectoryLock, FileSystem, OpenFile, OpenMode } from './file-system.ts';
export type { Random } from './random.ts';
export type { Runtime } from './runtime.ts';
