// Goal: a message about locks that is too long is refused before it is decoded.
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
