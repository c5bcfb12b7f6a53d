/**
 * A name that somebody chose, as one word without control characters: a terminal obeys those, and
 * a blank would be a column more.
 */
export function shownName(name: string): string {
  if (/^[\p{L}\p{M}\p{N}\p{P}\p{S}]+$/u.test(name)) return name;
  return JSON.stringify(name).replace(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
