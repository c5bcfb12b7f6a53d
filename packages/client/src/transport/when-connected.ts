import { type Client, connectivityState } from '@grpc/grpc-js';

/** A watch with a deadline keeps the process alive, which a channel that only connects does not. */
const WATCH_MS = 10_000;

/**
 * Connects, and calls back once: true when there is a connection, false when it could not be made.
 */
export function whenConnected(channel: Client, callback: (isConnected: boolean) => void): void {
  const state = channel.getChannel().getConnectivityState(true);
  if (state === connectivityState.READY) callback(true);
  else if (state === connectivityState.SHUTDOWN) callback(false);
  else if (state === connectivityState.TRANSIENT_FAILURE) callback(false);
  else {
    // Its error says that the deadline passed or the channel was closed; the next look at the state
    // tells which.
    channel
      .getChannel()
      .watchConnectivityState(state, Date.now() + WATCH_MS, () => whenConnected(channel, callback));
  }
}
