import { SeededRandom } from '@holdfast/core/testing';
import { type TraceKind, traceOf } from './trace.ts';

/**
 * Draws ranks 0 … count - 1, the rank r with a weight of 1 / (r + 1) ** skew, by looking a random
 * number up in the sums of the weights.
 */
export function zipfRanks(count: number, skew: number, random: SeededRandom): () => number {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** skew;
    sums[rank] = sum;
  }
  return () => {
    const drawn = random.next() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

export function zipfTrace(skew: number): TraceKind {
  return {
    name: `Zipf ${skew.toFixed(1)}`,
    description: `independent requests, the r-th object with a weight of 1 / r^${skew}`,
    create({ objectCount, requestCount, seed }) {
      return traceOf(requestCount, zipfRanks(objectCount, skew, new SeededRandom(seed)));
    },
  };
}
