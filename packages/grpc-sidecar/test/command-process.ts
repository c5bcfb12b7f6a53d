/** The built command in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of this package, also from where the failure kit is compiled to. */
export const PACKAGE_FOLDER: string = packageFolder(import.meta.dirname);
export const COMMAND: string = join(PACKAGE_FOLDER, 'bin/holdfast.js');
const BUILT = join(PACKAGE_FOLDER, 'dist/holdfast.js');

function packageFolder(folder: string): string {
  return existsSync(join(folder, 'bin/holdfast.js')) ? folder : packageFolder(dirname(folder));
}

export function assertBuilt(): void {
  if (existsSync(BUILT)) return;
  throw new Error('build first: npx turbo run build --filter=@holdfast/grpc-sidecar');
}

export interface Ready {
  readonly addresses: readonly string[];
  readonly directory: string | null;
}

/** Starts a server and waits for its line. */
export async function serve(args: string[]): Promise<{ process: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, [COMMAND, ...args, '--log-level', 'error'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const line = await Promise.race([
    once(child.stdout!, 'data').then(([bytes]) => String(bytes)),
    once(child, 'exit').then(([code]) => {
      throw new Error(`holdfast ended with ${code}`);
    }),
  ]);
  return { process: child, ready: JSON.parse(line) };
}

export async function stop(child: ChildProcess, signal: NodeJS.Signals) {
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code, by] = await ended;
  return { code, signal: by };
}

/** Runs the command to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input: string | Uint8Array = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  // A command that reads nothing may be gone before everything is written.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}
