import { type Client, connectivityState } from '@grpc/grpc-js';

/** Connects, and calls back once: true when there is a connection, false when it could not be made. */
export function whenConnected(channel: Client, callback: (isConnected: boolean) => void): void {
  const state = channel.getChannel().getConnectivityState(true);
  if (state === connectivityState.READY) callback(true);
  else if (state === connectivityState.SHUTDOWN) callback(false);
  else if (state === connectivityState.TRANSIENT_FAILURE) callback(false);
  else {
    channel
      .getChannel()
      // The only error is that the channel was closed meanwhile, which the next look at its state shows.
      .watchConnectivityState(state, Number.POSITIVE_INFINITY, () =>
        whenConnected(channel, callback),
      );
  }
}
