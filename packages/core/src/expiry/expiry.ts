/** A deadline no clock reaches. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** The one rule of expiry: at its deadline a record is gone. */
export function isExpired(expiresAtMs: number, nowMs: number): boolean {
  return nowMs >= expiresAtMs;
}
