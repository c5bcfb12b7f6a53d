import { resolve } from 'node:path';
import { InvalidArgumentError } from '@holdfast/core';

/** Where a sidecar listens unless told otherwise. */
export const DEFAULT_PORT = 7420;

/** A Unix socket's path has to fit into `sockaddr_un`, with its closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;

const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?$/;

/**
 * What grpc-js calls a target, from `127.0.0.1:7420`, `localhost`, `[::1]:7420`,
 * `http://host:port`, `unix:/path` or `unix:relative`. Without a port it is 7420. Throws
 * `InvalidArgumentError` for anything else.
 */
export function parseAddress(address: string): string {
  if (typeof address !== 'string') {
    throw new InvalidArgumentError(`address must be a string, got=${typeof address}`);
  }
  if (address.startsWith('unix:')) return unixTarget(address);
  if (address.startsWith('https:')) {
    throw new InvalidArgumentError(`address has a scheme that is not supported, got=${address}`);
  }
  const authority = address.startsWith('http://')
    ? address.slice('http://'.length).replace(/\/$/, '')
    : address;
  const match = HOST_AND_PORT.exec(authority);
  const port = match?.[2] === undefined ? DEFAULT_PORT : Number(match[2]);
  if (match === null || port < 1 || port > 65_535) {
    throw new InvalidArgumentError(
      `address must look like host:port, http://host:port or unix:path, got=${address}`,
    );
  }
  return `dns:${match[1]}:${port}`;
}

function unixTarget(address: string): string {
  // `unix:///path` is the URI form of `unix:/path`.
  const path = address.slice('unix:'.length).replace(/^\/\/(?=\/)/, '');
  if (path === '' || path.includes('\0')) {
    throw new InvalidArgumentError(`address needs a path after unix:, got=${address}`);
  }
  const absolute = resolve(path);
  if (new TextEncoder().encode(absolute).length > SOCKET_PATH_BYTES_MAX) {
    throw new InvalidArgumentError(
      `address must name a socket of at most ${SOCKET_PATH_BYTES_MAX} bytes, got=${absolute}`,
    );
  }
  return `unix:${absolute}`;
}
