export * from '@holdfast/core';
export { denoRuntime } from './runtime.ts';
