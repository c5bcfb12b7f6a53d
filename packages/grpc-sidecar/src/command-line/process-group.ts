/** A command with all that it starts, as one process group that can be signalled and outlived. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { EXIT_NOT_EXECUTABLE, EXIT_NOT_FOUND, exitCodeOfSignal } from './exit-codes.ts';

/** The command could not be started. */
export class StartError extends Error {
  readonly exitCode: number;

  constructor(command: string, cause: NodeJS.ErrnoException) {
    const isMissing = cause.code === 'ENOENT';
    super(`${isMissing ? 'command not found' : 'not executable'}, command=${command}`, { cause });
    this.exitCode = isMissing ? EXIT_NOT_FOUND : EXIT_NOT_EXECUTABLE;
  }
}

export class ProcessGroup {
  /** The exit code of the command itself, as a shell has it. Rejects with `StartError`. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  #isGone = false;

  /** No shell in between; standard streams are those of this process. Throws `StartError`. */
  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    // In a session of its own: what the terminal sends reaches the command once, from us.
    try {
      this.#child = spawn(command, args, { detached: true, stdio: 'inherit', env });
    } catch (error) {
      throw new StartError(command, error as NodeJS.ErrnoException);
    }
    this.ended = endOf(command, this.#child);
  }

  /** Does nothing once the group is gone. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#isGone) this.#kill(signal);
  }

  /** Whether anything of the group still runs; never again after it once did not. */
  isAlive(): boolean {
    if (!this.#isGone) this.#isGone = !this.#kill(0) || hasOnlyZombies(this.#child.pid as number);
    return !this.#isGone;
  }

  #kill(signal: NodeJS.Signals | 0): boolean {
    // It never started.
    if (this.#child.pid === undefined) return false;
    try {
      return process.kill(-this.#child.pid, signal);
    } catch (error) {
      // ESRCH: nobody is left. EPERM: nobody is left whom we may signal.
      if (['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
      throw error;
    }
  }
}

async function endOf(command: string, child: ChildProcess): Promise<number> {
  const [code, signal] = await once(child, 'exit').catch((error) => {
    throw new StartError(command, error as NodeJS.ErrnoException);
  });
  return code ?? exitCodeOfSignal(constants.signals[signal as NodeJS.Signals]);
}

/**
 * A process that has ended stays in its group until it is waited for, and in a container the first
 * process may never do that. Only Linux tells; elsewhere the answer is no.
 */
function hasOnlyZombies(groupId: number): boolean {
  if (process.platform !== 'linux') return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .every((name) => !isRunning(name, groupId));
}

function isRunning(processId: string, groupId: number): boolean {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  } catch {
    // It ended since the folder was read.
    return false;
  }
  // "1234 (a name, with any characters) S parent group …"
  const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(group) === groupId && state !== 'Z' && state !== 'X';
}
