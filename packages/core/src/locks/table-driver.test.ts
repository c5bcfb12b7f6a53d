/**
 * Goal: the driver's one timer keeps the process alive exactly while somebody here waits with a
 * deadline to come.
 * Method: a manual clock that notes each timer's kind.
 * Not covered: delivery and its order, which the backend's tests cover.
 */
import { describe, expect, it } from 'vitest';
import type { Clock, Timer } from '../ports/clock.ts';
import { ManualClock, settle } from '../testing/index.ts';
import { KeyLocks } from './key-locks.ts';
import { tokensAfter } from './token-source.ts';

class NotingClock extends ManualClock implements Clock {
  readonly live: string[] = [];
  started = 0;

  override startTimer(
    delayMs: number,
    keepAlive: 'background' | 'foreground',
    callback: () => void,
  ): Timer {
    this.started += 1;
    this.live.push(keepAlive);
    const drop = (): void => {
      const index = this.live.indexOf(keepAlive);
      if (index >= 0) this.live.splice(index, 1);
    };
    let isOver = false;
    const timer = super.startTimer(delayMs, keepAlive, () => {
      isOver = true;
      drop();
      callback();
    });
    return {
      cancel: () => {
        if (!isOver) drop();
        isOver = true;
        timer.cancel();
      },
    };
  }
}

function create(): { clock: NotingClock; locks: KeyLocks } {
  const clock = new NotingClock();
  return { clock, locks: new KeyLocks({ clock, tokens: tokensAfter() }) };
}

describe('the timer', () => {
  it('lets the process end while leases are only held', async () => {
    const { clock, locks } = create();
    await locks.lock('k', { ttl: '1h' });
    expect(clock.live).toEqual(['background']);
  });

  it('keeps the process alive while somebody waits, and no longer', async () => {
    const { clock, locks } = create();
    const holder = await locks.lock('k', { ttl: '1h' });
    const waiting = locks.lock('k', { wait: '2h' });
    await settle();
    expect(clock.live).toEqual(['foreground']);
    await holder.release();
    const next = await waiting;
    expect(clock.live).toEqual([]);
    const aborted = new AbortController();
    const leaving = locks.lock('k', { wait: '2h', signal: aborted.signal });
    await locks.lock('other', { ttl: '1h' });
    aborted.abort('left');
    await expect(leaving).rejects.toBe('left');
    expect(clock.live).toEqual(['background']);
    next.assertHeld();
  });

  it('comes earlier for a deadline that is earlier', async () => {
    const { clock, locks } = create();
    await locks.lock('late', { ttl: '1h' });
    const { signal } = await locks.lock('early', { ttl: 500 });
    await clock.advance(500);
    expect(signal.aborted).toBe(true);
    expect(clock.live).toEqual(['background']);
  });

  it('is not replaced for each renewal', async () => {
    const { clock, locks } = create();
    const lease = await locks.lock('k', { ttl: '1h' });
    for (let count = 0; count < 1_000; count++) {
      await clock.advance(1_000);
      await lease.renew();
    }
    lease.assertHeld();
    expect(clock.started).toBeLessThan(5);
  });
});
