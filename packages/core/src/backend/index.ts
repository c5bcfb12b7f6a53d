export * from './cache-backend.ts';
export * from './lock-backend.ts';
