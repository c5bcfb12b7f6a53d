// The sidecar on the embedded engine, with the keys of the workload.

import { nodeRuntime } from '@holdfast/node';
import { openBackends } from '../dist/backends/open-backends.js';
import { SILENT_LOGGER } from '../dist/server/logger.js';
import { startServer } from '../dist/server/start-server.js';
import { KEY_COUNT, keyOf, VALUE } from './workload.mjs';

const backends = await openBackends({ directory: process.argv[2] });
const operations = Array.from({ length: KEY_COUNT }, (_, index) => ({
  kind: 'set',
  key: keyOf(index),
  value: { encoding: 'bytes', data: VALUE },
  ttlMs: 3_600_000,
}));
await backends.cache.execute(operations);
const server = await startServer({
  backends,
  clock: nodeRuntime().clock,
  logger: SILENT_LOGGER,
  version: 'bench',
  listen: ['127.0.0.1:0'],
  socketPath: undefined,
  drainTimeoutMs: 0,
});
process.on('message', (message) => {
  if (message === 'cpu') process.send(process.cpuUsage());
  else server.close().then(() => process.exit());
});
process.send(server.addresses[0]);
