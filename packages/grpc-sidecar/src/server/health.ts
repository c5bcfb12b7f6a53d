import { HealthImplementation, type ServingStatus } from 'grpc-health-check';

/** Names of `grpc.health.v1.Health`. The empty one is the server as a whole. */
const SERVICES = [
  '',
  'readiness',
  'holdfast.v1.CacheService',
  'holdfast.v1.LockService',
  'holdfast.v1.AdminService',
];

/** Whether a restart would help is another question than whether to send requests here. */
const LIVENESS = 'liveness';

/** What the server says of its health. */
export class Health {
  readonly implementation: HealthImplementation = new HealthImplementation();
  #isReady = false;

  constructor() {
    this.#tell('NOT_SERVING');
    this.implementation.setStatus(LIVENESS, 'SERVING');
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  ready(): void {
    this.#isReady = true;
    this.#tell('SERVING');
  }

  /** The server drains, or its store does not write any more. It is alive all the same. */
  notReady(): void {
    this.#isReady = false;
    this.#tell('NOT_SERVING');
  }

  #tell(status: ServingStatus): void {
    for (const service of SERVICES) this.implementation.setStatus(service, status);
  }
}
