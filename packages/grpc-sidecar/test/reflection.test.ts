// Goal: a tool that has no proto files can list, describe and call the services.
// Method: buf curl, which is strict about descriptors, against a server. Not covered: other tools.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './test-server.ts';

const BUF = join(import.meta.dirname, '../../../node_modules/.bin/buf');

let running: TestServer;
beforeAll(async () => {
  running = await startTestServer();
});
afterAll(() => running[Symbol.asyncDispose]());

test('lists the services', async () => {
  const services = (await curl('', '--list-services')).trim().split('\n').sort();
  expect(services).toEqual([
    'grpc.health.v1.Health',
    'holdfast.v1.AdminService',
    'holdfast.v1.CacheService',
    'holdfast.v1.LockService',
  ]);
});

test('calls a method of each service', async () => {
  const set = { key: 'aw==', value: { data: 'dg==', encoding: 'ENCODING_TEXT' }, ttl: '1.5s' };
  expect(
    JSON.parse(await curl('holdfast.v1.CacheService/Set', '-d', JSON.stringify(set))),
  ).toMatchObject({
    stored: true,
  });
  const answer = JSON.parse(await curl('holdfast.v1.CacheService/Get', '-d', '{"key":"aw=="}'));
  expect(answer.entry.value).toEqual(set.value);
  const info = JSON.parse(await curl('holdfast.v1.AdminService/GetServerInfo'));
  expect(info).toMatchObject({ version: '1.2.3', lockScope: 'LOCK_SCOPE_SERVER' });
  const hello = '{"hello":{"sessionTtl":"5s"}} {"goodbye":{}}';
  const session = JSON.parse(await curl('holdfast.v1.LockService/Session', '-d', hello));
  expect(session.welcome.effectiveTtl).toBe('5s');
  const health = JSON.parse(
    await curl('grpc.health.v1.Health/Check', '-d', '{"service":"liveness"}'),
  );
  expect(health).toEqual({ status: 'SERVING' });
});

async function curl(method: string, ...options: string[]): Promise<string> {
  const url = `http://${running.server.addresses[0]}/${method}`;
  const args = ['curl', '--protocol', 'grpc', '--http2-prior-knowledge', ...options, url];
  // In a directory without a buf.yaml, whose schema buf would take instead of asking the server.
  const { stdout } = await promisify(execFile)(BUF, args, { cwd: tmpdir() });
  return stdout;
}
