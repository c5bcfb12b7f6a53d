/**
 * Who holds a directory: one line of JSON in a lock file. A process is told from a later one with
 * its number by the moment it started and by the machine's boot. Where /proc is missing the number
 * alone decides.
 */
import { currentBootId, readProc } from './boot-time.ts';

export interface LockHolder {
  readonly pid: number;
  /** Clock ticks from boot to the start of the process, from /proc/<pid>/stat. */
  readonly startTicks?: string | undefined;
  readonly bootId?: string | undefined;
}

export function thisProcess(): LockHolder {
  return { pid: process.pid, startTicks: startTicksOf(process.pid), bootId: currentBootId() };
}

/**
 * The holder a lock file names; nothing for an empty file (a freed lock) or one that is not ours.
 */
export function parseHolder(text: string): LockHolder | undefined {
  try {
    const holder = JSON.parse(text) as Partial<LockHolder> | null;
    if (typeof holder?.pid !== 'number' || !Number.isInteger(holder.pid) || holder.pid < 1) {
      return undefined;
    }
    return holder as LockHolder;
  } catch {
    // Half a line is what a process leaves that died while it wrote: it names nobody.
    return undefined;
  }
}

export function isAlive(holder: LockHolder): boolean {
  const bootId = currentBootId();
  if (holder.bootId !== undefined && bootId !== undefined && holder.bootId !== bootId) return false;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM is a live process of another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const startTicks = startTicksOf(holder.pid);
  return (
    holder.startTicks === undefined || startTicks === undefined || holder.startTicks === startTicks
  );
}

function startTicksOf(pid: number): string | undefined {
  // Field 22. The second field, the program's name in parentheses, may hold spaces and parentheses
  // itself.
  const stat = readProc(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}
