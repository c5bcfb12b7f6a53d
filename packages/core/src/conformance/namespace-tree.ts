/** The namespaces that the suite's tests of them work on, and how they are looked at. */
import { expectSame } from './expect-same.ts';
import type { JudgedCache } from './judged-cache.ts';

export type Spaces = [JudgedCache, JudgedCache, JudgedCache, JudgedCache, JudgedCache];

/** The store, a namespace, one in it, one in that, and another one. */
export function tree(cache: JudgedCache): Spaces {
  const outer = cache.namespace('a');
  const inner = outer.namespace('b');
  return [cache, outer, inner, inner.namespace('c'), cache.namespace('other')];
}

export function sizes(spaces: Spaces): Promise<number[]> {
  return Promise.all(spaces.map((each) => each.size));
}

export async function keysOf(cache: JudgedCache, prefix?: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of cache.keys({ prefix })) keys.push(String(key));
  const entries: string[] = [];
  for await (const [key] of cache.entries({ prefix })) entries.push(String(key));
  expectSame(entries, keys, 'the keys of the entries');
  return keys;
}

export async function namesOf(events: ReturnType<JudgedCache['watch']>): Promise<string[]> {
  const names: string[] = [];
  for await (const event of events) {
    names.push('key' in event ? `${event.type} ${String(event.key)}` : event.type);
  }
  return names;
}
