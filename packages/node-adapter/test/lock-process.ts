import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const RUNTIME_NAMES = ['node', 'bun', 'deno'] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** What `lock-program.mjs` printed: the process that got the lock, or why it did not. */
export interface LockOutcome {
  readonly pid?: number;
  readonly code?: string;
  readonly holderPid?: number;
  readonly message?: string;
}

export interface LockProcess {
  readonly outcome: LockOutcome;
  /** Ends it as `kill -9` does; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('lock-program.mjs', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

/** Runs `lock-program.mjs` on another runtime, with the permissions that suffice. */
export async function startLockProcess(
  runtime: RuntimeName,
  directory: string,
): Promise<LockProcess> {
  const child = spawn(...commandOf(runtime, directory), { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> });
  const [line] = (await Promise.race([
    once(lines, 'line'),
    exited.then(([status]) => {
      throw new Error(`the program on ${runtime} ended without a word status=${status}`);
    }),
  ])) as [string];
  return {
    outcome: JSON.parse(line) as LockOutcome,
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}

function commandOf(runtime: RuntimeName, directory: string): [string, string[]] {
  const program = [PROGRAM, runtime, directory];
  if (runtime === 'node') return [process.execPath, program];
  if (runtime === 'bun') return [`${PROGRAMS}/bun`, program];
  const permissions = [`--allow-read=${directory}`, `--allow-write=${directory}`, '--no-prompt'];
  return [`${PROGRAMS}/deno`, ['run', ...permissions, ...program]];
}
