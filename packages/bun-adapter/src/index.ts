export * from '@holdfast/core';
export { openCache } from './open-cache.ts';
// For programs that build on the ports themselves.
export { bunRuntime } from './runtime.ts';
