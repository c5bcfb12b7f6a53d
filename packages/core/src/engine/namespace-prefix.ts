/**
 * What a key of a namespace begins with: the names of the namespace and of those it is in, whole,
 * so that no two namespaces can be mistaken for each other.
 *
 *     depth  1 to 8
 *     for each name, the outermost first:
 *       bytes of it, minus 1
 *       its UTF-8
 *     the key, as it would be without a namespace
 *
 * It says where it ends, so a key may have any bytes. No prefix is the beginning of another one:
 * a namespace's keys do not lie between those of the one it is in.
 */

/** Of one name, as UTF-8. */
export const NAMESPACE_NAME_BYTES_MAX = 256;

/** Namespaces in namespaces, this one included. */
export const NAMESPACE_DEPTH_MAX = 8;

export const NAMESPACE_PREFIX_BYTES_MAX: number =
  1 + NAMESPACE_DEPTH_MAX * (1 + NAMESPACE_NAME_BYTES_MAX);

/** `names` are UTF-8, 1 to 8 of them, of 1 to 256 bytes each, the outermost first. */
export function encodeNamespacePrefix(names: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(names.reduce((sum, name) => sum + 1 + name.length, 1));
  bytes[0] = names.length;
  let at = 1;
  for (const name of names) {
    bytes[at] = name.length - 1;
    bytes.set(name, at + 1);
    at += 1 + name.length;
  }
  return bytes;
}

/** The names before a key, as UTF-8, and where the key itself starts. */
export function decodeNamespacePrefix(key: Uint8Array): {
  readonly names: readonly Uint8Array[];
  readonly keyStart: number;
} {
  const names: Uint8Array[] = [];
  let at = 1;
  for (let left = key[0] as number; left > 0; left--) {
    const end = at + 2 + (key[at] as number);
    names.push(key.slice(at + 1, end));
    at = end;
  }
  return { names, keyStart: at };
}
