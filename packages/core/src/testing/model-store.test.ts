// Goal: the model allows every outcome the store may have after a crash, and no other.
// Method: short histories with the verdict worked out by hand, one per rule.
// Not covered: performance (a verdict costs writes × keys × writes); use it for histories of
// hundreds.
import { describe, expect, test } from 'vitest';
import { ModelStore } from './index.ts';

const now = { nowMs: 0 };
const afterKill = { nowMs: 0, crash: 'process' } as const;
const afterPowerCut = { nowMs: 0, crash: 'power' } as const;

describe('without a crash', () => {
  test('only the newest write is allowed, acknowledged or not', () => {
    const model = new ModelStore<string>();
    model.set('k', 'old');
    model.set('k', 'new');
    expect(model.get('k', 0)).toBe('new');
    expect(model.judge('k', 'new', now)).toBeUndefined();
    expect(model.judge('k', 'old', now)).toContain('key=k has old');
    expect(model.judge('k', undefined, now)).toBeDefined();
    expect(model.judge('k', undefined, { ...now, mayMiss: true })).toBeUndefined();
    expect(model.judge('k', 'old', { ...now, mayMiss: true })).toBeDefined();
  });

  test('a value is a miss from its deadline on, never before', () => {
    const model = new ModelStore<string>();
    model.set('k', 'v', 100);
    expect(model.judge('k', 'v', { nowMs: 99 })).toBeUndefined();
    expect(model.judge('k', undefined, { nowMs: 99 })).toBeDefined();
    expect(model.judge('k', 'v', { nowMs: 100 })).toBeDefined();
    expect(model.judge('k', undefined, { nowMs: 100 })).toBeUndefined();
  });

  test('a cleared or deleted key, or one never written, is a miss', () => {
    const model = new ModelStore<string>();
    model.set('a', '1');
    model.delete('a');
    model.set('b', '1');
    expect(model.judge('a', '1', now)).toBeDefined();
    model.clear();
    expect(model.judge('b', '1', now)).toBeDefined();
    expect(model.judge('never', 'x', now)).toBeDefined();
    expect(model.judgeState(new Map(), now)).toBeUndefined();
  });
});

describe('after a crash', () => {
  test('an acknowledged write is there, or a later one in flight', () => {
    const model = new ModelStore<string>();
    model.set('k', 'ancient');
    model.acknowledge(model.set('k', 'acknowledged'), 'written');
    model.set('k', 'in flight');
    expect(model.judge('k', 'acknowledged', afterKill)).toBeUndefined();
    expect(model.judge('k', 'in flight', afterKill)).toBeUndefined();
    expect(model.judge('k', 'ancient', afterKill)).toBeDefined();
    expect(model.judge('k', undefined, afterKill)).toBeDefined();
    // A power cut may take what was only written.
    expect(model.judge('k', 'ancient', afterPowerCut)).toBeUndefined();
    expect(model.judge('k', undefined, afterPowerCut)).toBeUndefined();
  });

  test('a deletion in flight allows both, an acknowledged one only the miss', () => {
    const model = new ModelStore<string>();
    model.acknowledge(model.set('k', 'v'), 'synced');
    const deletion = model.delete('k');
    expect(model.judge('k', 'v', afterPowerCut)).toBeUndefined();
    expect(model.judge('k', undefined, afterPowerCut)).toBeUndefined();
    model.acknowledge(deletion, 'synced');
    expect(model.judge('k', 'v', afterPowerCut)).toBeDefined();
  });

  test('an expired write still hides the older one', () => {
    const model = new ModelStore<string>();
    model.set('k', 'old');
    model.acknowledge(model.set('k', 'short', 10), 'synced');
    expect(model.judge('k', 'old', { nowMs: 10, crash: 'power' })).toBeDefined();
    expect(model.judge('k', undefined, { nowMs: 10, crash: 'power' })).toBeUndefined();
  });

  test('the survivors are a prefix: a later write never outlives an earlier one', () => {
    const model = new ModelStore<string>();
    model.set('a', '1');
    model.set('b', '2');
    model.set('a', '3');
    const verdict = (a?: string, b?: string) =>
      model.judgeState(
        new Map([
          ['a', a],
          ['b', b],
        ]),
        afterPowerCut,
      );
    expect(verdict()).toBeUndefined();
    expect(verdict('1')).toBeUndefined();
    expect(verdict('1', '2')).toBeUndefined();
    expect(verdict('3', '2')).toBeUndefined();
    expect(verdict('3')).toContain('no prefix');
    expect(verdict(undefined, '2')).toContain('no prefix');
  });

  test('an acknowledged write takes the unacknowledged ones before it along', () => {
    const model = new ModelStore<string>();
    model.set('a', '1');
    model.acknowledge(model.set('b', '2'), 'synced');
    expect(model.judge('a', undefined, afterPowerCut)).toBeDefined();
    expect(model.judgeState(new Map([['b', '2']]), afterPowerCut)).toBeDefined();
  });

  test('a state from before the acknowledged writes is not allowed, though values came back', () => {
    const model = new ModelStore<string>();
    model.set('a', '1');
    model.set('b', '1');
    model.acknowledge(model.set('b', '2'), 'synced');
    model.set('a', '2');
    model.set('b', '1');
    const state = new Map([
      ['a', '1'],
      ['b', '1'],
    ]);
    // Each value alone is possible: `b` became 1 again, but only after `a` had become 2.
    expect(model.judge('a', '1', afterPowerCut)).toBeUndefined();
    expect(model.judge('b', '1', afterPowerCut)).toBeUndefined();
    expect(model.judgeState(state, afterPowerCut)).toContain('no prefix');
  });

  test('a flush promises every write before it', () => {
    const model = new ModelStore<string>();
    const write = model.set('a', '1');
    model.acknowledgeAll('synced');
    model.acknowledgeAll('written');
    expect(write.acknowledged).toBe('synced');
    expect(model.judge('a', undefined, afterPowerCut)).toBeDefined();
  });

  test('a clear is one write among the others', () => {
    const model = new ModelStore<string>();
    model.set('a', '1');
    model.set('b', '2');
    model.clear();
    model.set('a', '3');
    expect(model.judgeState(new Map([['a', '3']]), afterPowerCut)).toBeUndefined();
    const both = new Map([
      ['a', '3'],
      ['b', '2'],
    ]);
    expect(model.judgeState(both, afterPowerCut)).toBeDefined();
  });

  test('what was adopted is the past of the next crash', () => {
    const model = new ModelStore<string>();
    model.acknowledge(model.set('k', '1'), 'synced');
    model.set('k', '2');
    model.set('k', '3');
    model.adopt(new Map([['k', '2']]), afterPowerCut);
    expect(model.get('k', 0)).toBe('2');
    expect(model.judge('k', '3', afterPowerCut)).toBeDefined();
    // It was read, which does not make it durable.
    expect(model.judge('k', '1', afterPowerCut)).toBeUndefined();
    model.set('k', '4');
    expect(model.judge('k', '4', afterPowerCut)).toBeUndefined();
    expect(() => model.adopt(new Map([['k', '9']]), afterPowerCut)).toThrow('adopt only');
  });
});
