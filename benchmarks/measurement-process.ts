/**
 * The process that measures one row once. It gets its order over the channel to its parent, and
 * answers with the figures; an error goes to stderr and the exit code.
 */
import type { Measurement, MeasurementOrder } from './question.ts';
import { questionNamed } from './workloads/index.ts';

process.once('message', (message) => {
  void carryOut(message as MeasurementOrder).then((measurement) => {
    process.send!(measurement, () => process.disconnect());
  });
});

function carryOut(order: MeasurementOrder): Promise<Measurement> {
  const question = questionNamed(order.question);
  if (order.phase === undefined) return question.measure(order);
  const phase = question.phases?.[order.phase];
  if (phase === undefined) throw new TypeError(`no such phase name=${order.phase}`);
  return phase(order);
}
