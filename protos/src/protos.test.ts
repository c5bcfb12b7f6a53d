// Goal: the protos pass buf's lint, the committed types are theirs, and the loader never rounds
// 64-bit integers.
// Method: real buf, the real generator into a temporary directory, a message there and back.
// Not covered: what the services do (the sidecar's tests).
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadHoldfastProtos } from './load-protos.ts';

const ROOT = join(import.meta.dirname, '..');
const temporary = mkdtempSync(join(tmpdir(), 'holdfast-protos-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

test('the protos pass buf lint (STANDARD and COMMENTS)', { timeout: 60_000 }, () => {
  expect(run('npx', ['buf', 'lint'])).toBe('');
});

test('the committed types and descriptors are what the generator makes of the protos', {
  timeout: 60_000,
}, () => {
  run(process.execPath, ['generate.mjs', temporary]);
  const committed = join(ROOT, 'src/generated');
  expect(filesIn(committed), 'npm run generate -w @holdfast/protos').toEqual(filesIn(temporary));
});

test('64-bit tokens keep every digit', () => {
  const { responseType } = loadHoldfastProtos().lockService.Session;
  const token = '18446744073709551615';
  const bytes = responseType.serialize({ granted: { token } });
  expect(responseType.deserialize(bytes)).toMatchObject({ message: 'granted', granted: { token } });
});

test('an absent TTL is told from a TTL of zero, and both from never', () => {
  const { requestType } = loadHoldfastProtos().cacheService.Set;
  const expiryOf = (request: object): unknown =>
    requestType.deserialize(requestType.serialize(request)).expiry;
  expect(expiryOf({})).toBeUndefined();
  expect(expiryOf({ ttl: {} })).toBe('ttl');
  expect(expiryOf({ neverExpires: true })).toBe('neverExpires');
});

function run(command: string, args: string[]): string {
  return execFileSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

function filesIn(directory: string): Record<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    names
      .filter((name) => /\.(ts|binpb)$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(directory, name), 'latin1')]),
  );
}
