export * from '@holdfast/core';
export { bunRuntime } from './runtime.ts';
