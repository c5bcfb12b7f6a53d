// For servers over other back ends than the embedded engine.
export type {
  AdminBackend,
  Backends,
  StoreDescription,
  StoreStats,
} from './backends/backends.ts';
export { type ServeOptions, serve } from './serve.ts';
export type { Logger } from './server/logger.ts';
export type { Server } from './server/start-server.ts';
export { type StartServerOptions, startServer } from './server/start-server.ts';
