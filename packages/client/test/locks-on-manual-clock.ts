import { HoldfastError, type Lease } from '@holdfast/core';
import { ManualClock, SeededRandom } from '@holdfast/core/testing';
import { type ConnectOptions, clientSettings } from '../src/connect-options.ts';
import { RemoteLocks } from '../src/locks/remote-locks.ts';
import { type FakeSessionServer, generousServer } from './fake-session-server.ts';

/** How a stream ends that is not to end. */
export const BROKEN: HoldfastError = new HoldfastError('UNAVAILABLE', 'the stream broke');

/**
 * Locks with a session TTL of 3 s, on a clock that is moved by hand, and the server they talk to.
 */
export function setUp(server: FakeSessionServer = generousServer(), options: ConnectOptions = {}) {
  const clock = new ManualClock();
  const system = { clock, random: new SeededRandom(7) };
  const settings = clientSettings({ sessionTtl: '3s', clientName: 'tester', ...options });
  const query = () => Promise.reject(BROKEN);
  const locks = new RemoteLocks({ open: server.open, query }, system, settings);
  return { clock, locks, server };
}

/** The last lease that was asked for, as the server would tell of it. */
export function heldBy(lease: Lease, server: FakeSessionServer) {
  const acquire = server.streams.flatMap((stream) => stream.saidOf('acquire')).at(-1);
  if (acquire === undefined) throw new Error('nothing was acquired');
  const { requestId, name } = acquire;
  return { requestId, name, leaseId: `lease-${lease.token}`, token: lease.token };
}
