// Goal: a session's message that is too long, or asks for what this server cannot do, is refused
// before it is decoded.
// Method: the decoder that grpc-js calls, on bytes. Not covered: the status a client gets
// (test/garbage.test.ts, test/session.test.ts).
import { loadHoldfastProtos } from '@holdfast/protos';
import { expect, test } from 'vitest';
import { MalformedMessage } from '../wire/message-reader.ts';
import { lockServiceDefinition } from './lock-service.ts';

const decode = lockServiceDefinition().Session!.requestDeserialize;
const { requestSerialize } = loadHoldfastProtos().lockService.Session;

test('a message is read up to 64 KiB', () => {
  const name = (length: number) =>
    requestSerialize({ acquire: { requestId: 'a', name: 'n'.repeat(length) } });
  expect(name(65_525).length).toBe(65_536);
  expect(decode(name(65_525))).toMatchObject({ message: 'acquire' });
  expect(decode(name(65_526))).toBeInstanceOf(MalformedMessage);
});

test.each([
  ['hello', 0x0a, [1, 2, 3, 4], [5]],
  ['acquire', 0x12, [1, 2, 6], [3, 4, 5, 7, 8]],
])('%s with a condition not known here is refused', (message, tag, known, conditions) => {
  for (let number = 1; number < 16; number++) {
    const decoded = decode(Buffer.from([tag, 2, (number << 3) | 2, 0]));
    if (conditions.includes(number)) {
      expect(decoded).toMatchObject({ reason: `a condition not known here, field=${number}` });
    } else if (known.includes(number) || number > 8) expect(decoded).toMatchObject({ message });
  }
});
