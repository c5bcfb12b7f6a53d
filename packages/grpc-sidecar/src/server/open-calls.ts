import type { Server, ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

/** A call whose answers the server may end. */
interface EndableCall {
  end(): void;
  on(event: 'cancelled' | 'close', listener: () => void): unknown;
}

/**
 * The open streams of services that other packages implement (health, reflection) and that end only
 * when the client does: a server that drains has to end them itself.
 */
export class OpenCalls {
  readonly #calls = new Set<EndableCall>();

  /** In the place of a server, for a package that adds its service by itself. */
  serverFor(server: Server): { addService: Server['addService'] } {
    return {
      addService: (service, implementation) => {
        server.addService(service, this.#tracked(service, implementation));
      },
    };
  }

  endAll(): void {
    for (const call of this.#calls) call.end();
    this.#calls.clear();
  }

  #tracked(
    service: ServiceDefinition,
    implementation: UntypedServiceImplementation,
  ): UntypedServiceImplementation {
    const tracked: UntypedServiceImplementation = {};
    for (const [name, handler] of Object.entries(implementation)) {
      const method = Object.entries(service).find(
        ([key, { originalName }]) => key === name || originalName === name,
      );
      if (method === undefined || !method[1].responseStream) tracked[name] = handler;
      else {
        tracked[name] = (call: EndableCall) => {
          this.#calls.add(call);
          const forget = () => this.#calls.delete(call);
          call.on('cancelled', forget);
          call.on('close', forget);
          (handler as (call: EndableCall) => void)(call);
        };
      }
    }
    return tracked;
  }
}
