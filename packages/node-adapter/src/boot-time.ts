import { readFile } from 'node:fs/promises';
import type { BootTime } from '@holdfast/core';

/** As Linux tells it; `undefined` elsewhere. */
export async function readNodeBootTime(): Promise<BootTime | undefined> {
  try {
    const id = await readFile('/proc/sys/kernel/random/boot_id', 'latin1');
    const uptime = await readFile('/proc/uptime', 'latin1');
    return { id: id.trim(), uptimeMs: Number.parseFloat(uptime) * 1_000 };
  } catch {
    return undefined;
  }
}
