import { HealthImplementation, type ServingStatus } from 'grpc-health-check';

/** Names of `grpc.health.v1.Health` for the server as a whole: all that it is for. */
const WHOLE = ['', 'readiness'];
const CACHE = 'holdfast.v1.CacheService';
const LOCKS = 'holdfast.v1.LockService';
const ADMIN = 'holdfast.v1.AdminService';

/** Whether a restart would help is another question than whether to send requests here. */
const LIVENESS = 'liveness';

/** Which part of its work a server can do now. */
export interface Ability {
  readonly canCache: boolean;
  readonly canLock: boolean;
}

/** What the server says of its health. */
export class Health {
  readonly implementation: HealthImplementation = new HealthImplementation();
  readonly #told = new Map<string, ServingStatus>();

  constructor() {
    this.implementation.setStatus(LIVENESS, 'SERVING');
    this.stopped();
  }

  /** It serves, as far as it can. */
  serving({ canCache, canLock }: Ability): void {
    this.#tell(canCache, CACHE);
    this.#tell(canLock, LOCKS);
    this.#tell(true, ADMIN);
    this.#tell(canCache && canLock, ...WHOLE);
  }

  /** It does not serve yet, or drains. It is alive all the same. */
  stopped(): void {
    this.#tell(false, CACHE, LOCKS, ADMIN, ...WHOLE);
  }

  #tell(isServing: boolean, ...services: readonly string[]): void {
    const status: ServingStatus = isServing ? 'SERVING' : 'NOT_SERVING';
    for (const service of services) {
      // Who watches hears of every status that is set, also of the one there was.
      if (this.#told.get(service) === status) continue;
      this.#told.set(service, status);
      this.implementation.setStatus(service, status);
    }
  }
}
