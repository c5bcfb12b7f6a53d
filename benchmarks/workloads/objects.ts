import type { Workload } from './workload.ts';

const CITIES = ['Lisbon', 'Nairobi', 'Osaka', 'Quito', 'Tromsø'] as const;

export const objects: Workload = {
  name: 'objects',
  title: 'Objects of five fields',
  description: 'objects of five fields (a number, two strings, a fraction, a boolean)',
  createValue(number) {
    return {
      id: number,
      name: `user ${number}`,
      city: CITIES[number % CITIES.length],
      balance: number / 8 + 0.5,
      active: number % 3 === 0,
    };
  },
};
