export { KEEP_ALIVES_PER_TTL } from '../locks/keep-alives.ts';
export * from './cache-backend.ts';
export * from './lock-administration.ts';
export * from './lock-backend.ts';
export * from './single-lease.ts';
