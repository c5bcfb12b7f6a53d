/**
 * Section 4: three processes want one lock. The first has it and gives it back; the second gets it
 * and is killed; the third gets it when the second's lease has run out, neither before nor long
 * after.
 */
import { Contender } from './contender.ts';
import type { ContenderEvent } from './contender-program.ts';
import type { Demonstration } from './demonstration.ts';
import { milliseconds } from './figures.ts';
import type { Report } from './report.ts';

const LOCK = 'deploy';
const TTL_MS = 2_000;
/** What a busy machine may add to the TTL until the third process has heard of its lease. */
const LATE_MS_MAX = 2_500;

export async function contend(demonstration: Demonstration, address: string): Promise<void> {
  const { report, processes } = demonstration;
  report.section('Three processes want one lock');
  report.figure('lock', `"${LOCK}", one holder at a time, leases of ${milliseconds(TTL_MS)}`);
  const timeline = new Timeline(report);
  const settings = { address, lock: LOCK, ttlMs: TTL_MS, onEvent: timeline.note };
  const [first, second, third] = ['worker-1', 'worker-2', 'worker-3'].map(
    (name) => new Contender(processes, name, settings),
  ) as [Contender, Contender, Contender];
  await Promise.all([first, second, third].map((worker) => worker.event('connected')));
  timeline.start();

  first.order('acquire');
  const firstLease = await first.event('granted');
  second.order('acquire');
  const secondQueued = await second.event('queued');
  third.order('acquire');
  const thirdQueued = await third.event('queued');
  report.check(
    secondQueued.position === 1 && thirdQueued.position === 2,
    'who comes later is queued, in order',
    `positions ${secondQueued.position} and ${thirdQueued.position}`,
  );
  first.order('release');
  const secondLease = await second.event('granted');

  // The server hears of the renewal after this moment, so the lease must not end before this moment
  // and its TTL.
  const renewedAt = performance.now();
  second.order('renew');
  await second.event('renewed');
  const killedAt = performance.now();
  second.started.child.kill('SIGKILL');
  timeline.write(second.name, 'killed by SIGKILL, holding the lock');
  const thirdLease = await third.event('granted');
  const grantedAt = performance.now();
  third.order('release');
  await third.event('released');

  const delayMs = grantedAt - killedAt;
  report.check(
    grantedAt - renewedAt >= TTL_MS && delayMs <= TTL_MS + LATE_MS_MAX,
    `the dead holder's lease ran out, then the next one was granted`,
    `${milliseconds(delayMs)} after the kill, TTL ${milliseconds(TTL_MS)}`,
  );
  const tokens = [firstLease, secondLease, thirdLease].map(({ token }) => BigInt(token));
  report.check(
    tokens[0]! < tokens[1]! && tokens[1]! < tokens[2]!,
    'every grant has a higher fencing token',
    tokens.join(' < '),
  );
  for (const worker of [first, third]) worker.order('close');
  await Promise.all([first, third].map(({ started }) => started.exited));
}

/** What happened when, a line each. */
class Timeline {
  readonly #report: Report;
  #startedAt: number | undefined;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Time 0. Nothing before it is told. */
  start(): void {
    this.#startedAt = performance.now();
  }

  /** Bound, to be handed on. */
  readonly note = (name: string, event: ContenderEvent): void => {
    const text = textOf(event);
    if (text !== undefined) this.write(name, text);
  };

  write(name: string, text: string): void {
    if (this.#startedAt === undefined) return;
    const at = milliseconds(performance.now() - this.#startedAt);
    this.#report.figure(at.padStart(10), `${name}  ${text}`);
  }
}

function textOf(event: ContenderEvent): string | undefined {
  switch (event.kind) {
    case 'queued':
      return `queued, number ${event.position} behind ${event.holder}`;
    case 'granted':
      return `granted, token ${event.token}`;
    case 'lost':
    case 'failed':
      return `${event.kind}: ${event.message}`;
    case 'connected':
      return undefined;
    default:
      return event.kind;
  }
}
