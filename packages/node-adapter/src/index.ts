export * from '@holdfast/core';
export { nodeRuntime } from './runtime.ts';
