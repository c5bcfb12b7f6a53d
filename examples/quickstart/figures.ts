// Numbers as people read them.

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function size(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

export function milliseconds(ms: number): string {
  return ms < 10_000 ? `${count(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export function microseconds(ms: number): string {
  return `${count(ms * 1_000)} µs`;
}

/** `'12.3 µs each · 81,300/s · 401 MB/s'`. */
export function speed(operations: number, bytes: number, ms: number): string {
  const each = ((ms * 1_000) / operations).toFixed(1);
  return `${each} µs each · ${count((operations / ms) * 1_000)}/s · ${count(bytes / 1e3 / ms)} MB/s`;
}
