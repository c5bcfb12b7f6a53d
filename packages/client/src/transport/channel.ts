import { Client, type ClientOptions, credentials } from '@grpc/grpc-js';

/**
 * A connection of its own for each stream: a lease's keep-alive never waits behind a large value,
 * and closing a stream that went silent closes what made it so.
 */
const CHANNEL_OPTIONS: ClientOptions = {
  'grpc.use_local_subchannel_pool': 1,
  // A sidecar is on this machine or in this cluster; a proxy named in the environment is for the
  // world outside.
  'grpc.enable_http_proxy': 0,
  'grpc.service_config_disable_resolution': 1,
  // Retries are ours: only we know which calls may be repeated.
  'grpc.enable_retries': 0,
  // The server's limits count, and it says so with TOO_LARGE; this is only a bound for memory.
  'grpc.max_receive_message_length': 2 ** 30,
  'grpc.max_send_message_length': 2 ** 30,
};

/** Pings find out about a connection that was cut without a word, within ten seconds. */
const PING_OPTIONS: ClientOptions = {
  'grpc.keepalive_time_ms': 5_000,
  'grpc.keepalive_timeout_ms': 5_000,
};

/** A lazily connected channel. `pings` for streams that have no keep-alive of their own. */
export function openChannel(target: string, pings: 'with-pings' | 'without-pings'): Client {
  const options =
    pings === 'with-pings' ? { ...CHANNEL_OPTIONS, ...PING_OPTIONS } : CHANNEL_OPTIONS;
  return new Client(target, credentials.createInsecure(), options);
}
