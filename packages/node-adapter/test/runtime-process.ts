import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const RUNTIME_NAMES = ['node', 'bun', 'deno'] as const;
export type RuntimeName = (typeof RUNTIME_NAMES)[number];

/** A program of this folder, started on a runtime. */
export interface RuntimeProcess {
  /** The first line it printed. */
  readonly line: string;
  /** Its exit status, once it has ended by itself. */
  readonly ended: Promise<number>;
  /** Ends it as `kill -9` does; resolves when it is gone. */
  readonly kill: () => Promise<void>;
}

/** What `lock-program.mjs` printed: the process that got the lock, or why it did not. */
export interface LockOutcome {
  readonly pid?: number;
  readonly code?: string;
  readonly holderPid?: number;
  readonly message?: string;
}

export interface LockProcess {
  readonly outcome: LockOutcome;
  readonly kill: () => Promise<void>;
}

/** What `@holdfast/deno` needs to be loaded at all: msgpackr asks for this variable. */
const ENVIRONMENT = '--allow-env=MSGPACKR_NATIVE_ACCELERATION_DISABLED';

const PROGRAMS = fileURLToPath(new URL('../../../node_modules/.bin', import.meta.url));

/** Runs `lock-program.mjs` on a runtime, with the permissions that suffice. */
export async function startLockProcess(
  runtime: RuntimeName,
  directory: string,
): Promise<LockProcess> {
  const permissions = [`--allow-read=${directory}`, `--allow-write=${directory}`];
  const started = await startProcess(runtime, 'lock-program.mjs', [directory], permissions);
  return { outcome: JSON.parse(started.line) as LockOutcome, kill: started.kill };
}

/** Starts a program with the runtime's name and `options`; resolves when it has printed a line. */
export async function startProcess(
  runtime: RuntimeName,
  program: string,
  options: readonly string[],
  denoPermissions: readonly string[],
): Promise<RuntimeProcess> {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const command = {
    node: [process.execPath],
    bun: [`${PROGRAMS}/bun`],
    deno: [`${PROGRAMS}/deno`, 'run', '--no-prompt', ENVIRONMENT, ...denoPermissions],
  }[runtime];
  const child = spawn(command[0] as string, [...command.slice(1), path, runtime, ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const failed = exited.then(([status]) => {
    throw new Error(`${program} on ${runtime} ended without a word status=${status}`);
  });
  const [line] = (await Promise.race([
    once(createInterface({ input: child.stdout }), 'line'),
    failed,
  ])) as [string];
  // It ends after its word as well, and then nobody waits for the failure.
  failed.catch(() => undefined);
  return {
    line,
    ended: exited.then(([status]) => status as number),
    kill: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}
