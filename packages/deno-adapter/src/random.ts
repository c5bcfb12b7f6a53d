import type { Random } from '@holdfast/core';

export const denoRandom: Random = {
  fill: (bytes) => crypto.getRandomValues(bytes),
};
