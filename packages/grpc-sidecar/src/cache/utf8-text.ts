const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Empty for what is no UTF-8, or longer than that. */
export function textOf(bytes: Uint8Array, bytesMax: number): string {
  if (bytes.length > bytesMax) return '';
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not UTF-8: the same answer as for no name.
    return '';
  }
}
