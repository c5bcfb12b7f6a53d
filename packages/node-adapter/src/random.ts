import type { Random } from '@holdfast/core';

export const nodeRandom: Random = {
  fill: (bytes) => crypto.getRandomValues(bytes),
};
