/**
 * A server's place in the file system. A socket's file outlives its server, so at the next start it
 * may be a stale one, to be replaced, or a live one, to be left alone.
 *
 * The server listens under another name, and the socket is renamed when it is ready: clients meet
 * the old socket or the new one, with its permissions, and never none. Two servers that start at
 * the same instant may both find none alive, and the later one wins; on one directory the
 * directory's lock has already refused one of them.
 */
import { randomBytes } from 'node:crypto';
import { chmod, lstat, rename, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { HoldfastError, InvalidArgumentError } from '@holdfast/core';

/** What fits into `sockaddr_un` with its closing zero. */
const SOCKET_PATH_BYTES_MAX = 107;

/** The owner and the group may connect. */
const SOCKET_MODE = 0o660;

/** A server that does not accept within this time counts as alive all the same. */
const PROBE_TIMEOUT_MS = 1_000;

export interface UnixSocket {
  /** Removes the file, if it is still this server's. Safe to call twice. */
  remove(): Promise<void>;
}

/**
 * Makes `listen` listen where `path` is. Throws `UNAVAILABLE` if a server is alive there,
 * `INVALID_ARGUMENT` if there is something that is no socket, or if the path is too long.
 */
export async function listenOnUnixSocket(
  path: string,
  listen: (temporaryPath: string) => Promise<void>,
): Promise<UnixSocket> {
  if (Buffer.byteLength(path) > SOCKET_PATH_BYTES_MAX) {
    throw new InvalidArgumentError(
      `a socket's path may have ${SOCKET_PATH_BYTES_MAX} bytes, got=${path}`,
    );
  }
  await assertFree(path);
  const temporaryPath = join(dirname(path), `.hf${randomBytes(4).toString('hex')}`);
  await listen(temporaryPath);
  await chmod(temporaryPath, SOCKET_MODE);
  const { ino } = await lstat(temporaryPath);
  await rename(temporaryPath, path);
  return {
    async remove() {
      if ((await statOrUndefined(path))?.ino === ino) await unlink(path);
    },
  };
}

async function assertFree(path: string): Promise<void> {
  const stat = await statOrUndefined(path);
  if (stat === undefined) return;
  if (!stat.isSocket()) {
    throw new InvalidArgumentError(`the socket's path is taken by something else, path=${path}`);
  }
  if (await isAlive(path)) {
    throw new HoldfastError('UNAVAILABLE', `a server is listening already, path=${path}`, {
      details: { path, reason: 'ADDRESS_IN_USE' },
    });
  }
}

async function statOrUndefined(path: string) {
  try {
    return await lstat(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new HoldfastError('IO', `the socket's path cannot be read, path=${path}`, {
      details: { path },
      cause: error,
    });
  }
}

/** Only a refused connection, or no file any more, proves that nobody listens. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => settle(true));
    socket.once('connect', () => settle(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      settle(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}
