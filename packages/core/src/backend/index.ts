export * from './cache-backend.ts';
export * from './lock-administration.ts';
export * from './lock-backend.ts';
export * from './single-lease.ts';
