import { readFileSync } from 'node:fs';
import type { BootTime } from '@holdfast/core';

/** As Linux tells it; `undefined` elsewhere. */
export async function readNodeBootTime(): Promise<BootTime | undefined> {
  const id = currentBootId();
  const uptime = readProc('/proc/uptime');
  if (id === undefined || uptime === undefined) return undefined;
  return { id, uptimeMs: Number.parseFloat(uptime) * 1_000 };
}

export function currentBootId(): string | undefined {
  return readProc('/proc/sys/kernel/random/boot_id')?.trim();
}

/** `undefined` without a `/proc` (macOS, Windows), or for a process that is gone. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return undefined;
  }
}
