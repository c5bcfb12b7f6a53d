import { HOLDFAST } from '../peers/contestant.ts';
import type { Question } from '../question.ts';
import { doesItStayWithinBounds } from './does-it-stay-within-bounds.ts';
import { doesTheCostGrow } from './does-the-cost-grow.ts';
import { howFastAreSetsAndGets } from './how-fast-are-sets-and-gets.ts';
import { howFastIsAReopen } from './how-fast-is-a-reopen.ts';
import { howLongDoesOneCallTake } from './how-long-does-one-call-take.ts';
import { howLongDoesTheEventLoopStall } from './how-long-does-the-event-loop-stall.ts';
import { objects } from './objects.ts';
import { strings } from './strings.ts';
import { tenThousandLocks } from './ten-thousand-locks.ts';
import { whatDoesAnEntryCost } from './what-does-an-entry-cost.ts';
import { whatDoesAwaitingCost } from './what-does-awaiting-cost.ts';
import { whatDoesExpiryCost } from './what-does-expiry-cost.ts';
import { whatDoesItHit } from './what-does-it-hit.ts';
import type { Workload } from './workload.ts';

/** Kinds of values. */
export const WORKLOADS: readonly Workload[] = [objects, strings];

/** In the report's order. */
export const QUESTIONS: readonly Question[] = [
  howFastAreSetsAndGets(objects, {
    row: HOLDFAST,
    column: 'get',
    against: 'lmdb',
    bound: 'at most',
    limit: 0.4,
  }),
  howFastAreSetsAndGets(strings, {
    row: HOLDFAST,
    column: 'get',
    against: 'lru-cache',
    bound: 'at most',
    limit: 1.5,
  }),
  whatDoesAwaitingCost,
  howLongDoesOneCallTake,
  howLongDoesTheEventLoopStall,
  doesTheCostGrow,
  whatDoesAnEntryCost,
  doesItStayWithinBounds,
  whatDoesExpiryCost,
  howFastIsAReopen,
  whatDoesItHit,
  tenThousandLocks,
];

export function questionNamed(name: string): Question {
  const question = QUESTIONS.find((candidate) => candidate.name === name);
  if (question === undefined) throw new TypeError(`no such question name=${name}`);
  return question;
}
