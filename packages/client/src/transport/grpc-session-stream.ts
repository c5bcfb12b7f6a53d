import type { ClientDuplexStream } from '@grpc/grpc-js';
import { HoldfastError } from '@holdfast/core';
import type { Clock } from '@holdfast/core/ports';
import {
  loadHoldfastProtos,
  type SessionRequest,
  type SessionResponse__Output,
} from '@holdfast/protos';
import type {
  ClientMessage,
  OpenSessionStream,
  ServerMessage,
  SessionStream,
  SessionStreamEvents,
} from '../locks/session-stream.ts';
import { openChannel } from './channel.ts';
import { serverMessage, wireSessionRequest } from './session-messages.ts';
import { errorOfCall, isPermanent } from './status.ts';

type SessionCall = ClientDuplexStream<SessionRequest, SessionResponse__Output>;

/** How long a server may take to end a stream after the last word. */
const FINISH_MS_MAX = 1_000;

/** `LockService.Session` on a connection of its own. */
export function sessionStreams(target: string, clock: Clock): OpenSessionStream {
  return (events) => new GrpcSessionStream(target, clock, events);
}

class GrpcSessionStream implements SessionStream {
  readonly #events: SessionStreamEvents;
  readonly #clock: Clock;
  readonly #channel: ReturnType<typeof openChannel>;
  readonly #call: SessionCall;
  #isClosed = false;
  #onFinished: (() => void) | undefined;

  constructor(target: string, clock: Clock, events: SessionStreamEvents) {
    this.#events = events;
    this.#clock = clock;
    this.#channel = openChannel(target, 'without-pings');
    const method = loadHoldfastProtos().lockService.Session;
    this.#call = this.#channel.makeBidiStreamRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
    );
    this.#call.on('data', (response: SessionResponse__Output) => this.#onResponse(response));
    this.#call.on('status', (status) => {
      this.#onFinished?.();
      this.#end(errorOfCall(status), isPermanent(status));
    });
    // The status says the same; an error without a listener would end the process.
    this.#call.on('error', () => {});
  }

  send(message: ClientMessage): void {
    if (!this.#isClosed) this.#call.write(wireSessionRequest(message));
  }

  close(): void {
    this.#isClosed = true;
    this.#call.cancel();
    this.#channel.close();
  }

  async finish(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.startTimer(FINISH_MS_MAX, 'foreground', resolve);
      this.#onFinished = () => {
        timer.cancel();
        resolve();
      };
      this.#call.end();
    });
    this.close();
  }

  #onResponse(response: SessionResponse__Output): void {
    if (this.#isClosed) return;
    let message: ServerMessage | undefined;
    try {
      message = serverMessage(response);
    } catch (cause) {
      this.#end(new HoldfastError('UNAVAILABLE', 'the server sent nonsense', { cause }), false);
      return;
    }
    if (message !== undefined) this.#events.onMessage(message);
  }

  #end(error: HoldfastError, permanent: boolean): void {
    if (this.#isClosed) return;
    this.close();
    this.#events.onEnd(error, permanent);
  }
}
