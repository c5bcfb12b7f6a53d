import { SeededRandom } from '@holdfast/core/testing';
import { type TraceKind, traceOf } from './trace.ts';
import { zipfRanks, zipfTrace } from './zipf.ts';

const oneHitWonders: TraceKind = {
  name: 'one-hit wonders',
  description:
    'every other request is for an object that never comes again, the others are Zipf 1.0',
  create({ objectCount, requestCount, seed }) {
    const random = new SeededRandom(seed);
    const rank = zipfRanks(objectCount, 1, random);
    let wonders = 0;
    return traceOf(requestCount, () => (random.chance(0.5) ? objectCount + wonders++ : rank()));
  },
};

const scanBursts: TraceKind = {
  name: 'scan bursts',
  description:
    'Zipf 1.0, and after every tenth of the objects a scan over the next tenth of as many others',
  create({ objectCount, requestCount, seed }) {
    const rank = zipfRanks(objectCount, 1, new SeededRandom(seed));
    const burst = Math.max(1, Math.floor(objectCount / 10));
    let scanned = 0;
    return traceOf(requestCount, (at) => {
      const isScan = Math.floor(at / burst) % 2 === 1;
      return isScan ? objectCount + (scanned++ % objectCount) : rank();
    });
  },
};

const LOOP_ROUNDS = 5;

const loops: TraceKind = {
  name: 'loops',
  description:
    'five rounds over a fiftieth of the objects, then over a fifth, each twice what a cache holds, and so on',
  create({ objectCount, requestCount }) {
    const short = Math.max(1, Math.floor(objectCount / 50));
    const long = Math.max(1, Math.floor(objectCount / 5));
    const period = LOOP_ROUNDS * (short + long);
    return traceOf(requestCount, (at) => {
      const within = at % period;
      const isShort = within < LOOP_ROUNDS * short;
      return isShort ? within % short : short + ((within - LOOP_ROUNDS * short) % long);
    });
  },
};

const shiftingHotSet: TraceKind = {
  name: 'shifting hot set',
  description: 'Zipf 1.0 whose ranks move on by a twentieth of the objects, twelve times',
  create({ objectCount, requestCount, seed }) {
    const rank = zipfRanks(objectCount, 1, new SeededRandom(seed));
    const phase = Math.max(1, Math.ceil(requestCount / 12));
    const step = Math.max(1, Math.floor(objectCount / 20));
    return traceOf(requestCount, (at) => (rank() + Math.floor(at / phase) * step) % objectCount);
  },
};

const ttlMix: TraceKind = {
  name: 'TTL mix',
  description:
    'Zipf 1.0; a third of the objects expires after a hundredth of the requests, a third after a tenth',
  create({ objectCount, requestCount, seed }) {
    const lifetimes = [Math.ceil(requestCount / 100), Math.ceil(requestCount / 10), Infinity];
    return traceOf(
      requestCount,
      zipfRanks(objectCount, 1, new SeededRandom(seed)),
      (object) => lifetimes[object % lifetimes.length]!,
    );
  },
};

export const TRACES: readonly TraceKind[] = [
  ...[0.6, 0.8, 1, 1.2].map(zipfTrace),
  oneHitWonders,
  scanBursts,
  loops,
  shiftingHotSet,
  ttlMix,
];
