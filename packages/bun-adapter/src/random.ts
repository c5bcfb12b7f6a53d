import type { Random } from '@holdfast/core';

export const bunRandom: Random = {
  fill: (bytes) => crypto.getRandomValues(bytes),
};
