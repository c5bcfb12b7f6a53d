/**
 * The first `limit` of `texts` in the order of their code units, without sorting all of them: a
 * page costs one walk, whatever the number of pages.
 */
export function firstInOrder(texts: Iterable<string>, limit: number): string[] {
  let first: string[] = [];
  /** What comes at or behind it is not among the first. */
  let bound: string | undefined;
  for (const text of texts) {
    if (bound !== undefined && text >= bound) continue;
    first.push(text);
    if (first.length < 2 * limit + 1) continue;
    first = first.sort(byCodeUnits).slice(0, limit);
    bound = first[limit - 1];
  }
  return first.sort(byCodeUnits).slice(0, limit);
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
