import type { BootTime } from '@holdfast/core';

const BOOT_ID = '/proc/sys/kernel/random/boot_id';
const UPTIME = '/proc/uptime';

/** As Linux tells it; `undefined` elsewhere, and where reading `/proc` was not allowed. */
export async function readDenoBootTime(): Promise<BootTime | undefined> {
  // Asked first, because reading without permission would ask the user.
  for (const path of [BOOT_ID, UPTIME]) {
    const { state } = await Deno.permissions.query({ name: 'read', path });
    if (state !== 'granted') return undefined;
  }
  try {
    const id = await Deno.readTextFile(BOOT_ID);
    const uptime = await Deno.readTextFile(UPTIME);
    return { id: id.trim(), uptimeMs: Number.parseFloat(uptime) * 1_000 };
  } catch {
    return undefined;
  }
}
