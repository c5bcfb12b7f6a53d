import type { Workload } from './workload.ts';

const STRING_BYTES = 100;

export const strings: Workload = {
  name: 'strings',
  title: 'Strings of 100 bytes',
  description: `ASCII strings of ${STRING_BYTES} bytes`,
  createValue(number) {
    const text = `${number}:`.padEnd(STRING_BYTES, 'abcdefghijklmnopqrstuvwxyz');
    return Buffer.from(text).toString('latin1');
  },
};
