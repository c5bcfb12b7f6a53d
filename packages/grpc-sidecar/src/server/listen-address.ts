import { InvalidArgumentError } from '@holdfast/core';

/** Where a server listens unless told otherwise: this machine's programs only. */
export const LISTEN_ADDRESS_DEFAULT = '127.0.0.1:7420';

const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/;

export interface ListenAddress {
  /** As it was given; an IPv6 address in brackets. */
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  /** Whether only programs on this machine can reach it. */
  readonly isLoopback: boolean;
}

/**
 * `host:port`, such as `127.0.0.1:7420` or `[::1]:0`. Throws `InvalidArgumentError` for anything
 * else.
 */
export function parseListenAddress(address: string): ListenAddress {
  const match = HOST_AND_PORT.exec(address);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535) {
    throw new InvalidArgumentError(`listen must be host:port, got=${address}`);
  }
  const host = match[1] as string;
  return { host, port, isLoopback: /^(127\.|localhost$|\[::1\]$)/.test(host) };
}
