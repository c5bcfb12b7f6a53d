/**
 * Goal: a closed client leaves nothing behind that keeps a process alive.
 * Method: a child process uses cache and locks, closes, and has to end by itself.
 * Not covered: a client that is never closed, which stays connected.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { GrpcTestServer, reasonedError } from './grpc-test-server.ts';

const CLIENT = fileURLToPath(new URL('../dist/index.js', import.meta.url));

const PROGRAM = `
import { connect } from ${JSON.stringify(CLIENT)};
const client = await connect(process.argv[2], { sessionTtl: '10s' });
await client.cache.set('a', 1);
client.cache.get('a', { timeout: '1h' }).catch(() => {});
await client.locks.acquire('deploy');
client.locks.acquire('never').catch(() => {});
await client.info({ timeout: 100 }).catch(() => {});
await client.close();
const failed = await connect('127.0.0.1:1', { connectTimeout: 50 }).catch(() => 'failed');
console.log(failed);
`;

it('ends by itself within a second of close', async () => {
  const server = await new GrpcTestServer().start();
  server.onSession = (call, { hello, acquire, goodbye }) => {
    if (hello) {
      const effectiveTtl = hello.sessionTtl;
      call.write({ welcome: { sessionId: 's', secret: 's', effectiveTtl } });
    } else if (acquire?.name === 'deploy') {
      call.write({ granted: { ...acquire, leaseId: 'l', token: '1' } });
    } else if (goodbye) {
      call.emit('error', reasonedError(status.UNAVAILABLE, 'draining', 'SERVER_DRAINING'));
    }
  };
  const child = spawn(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, 'program', server.address],
    { stdio: ['ignore', 'pipe', 'inherit'], timeout: 20_000 },
  );
  let output = '';
  let printedAtMs = 0;
  child.stdout.on('data', (chunk) => {
    output += String(chunk);
    printedAtMs = performance.now();
  });
  const code = await new Promise((resolve) => child.on('exit', resolve));
  const lingeredMs = performance.now() - printedAtMs;
  server.stop();
  expect(output).toMatch(/^failed$/m);
  expect(code).toBe(0);
  expect(lingeredMs).toBeLessThan(1_000);
}, 30_000);
