import { CONNECTION_FAILURES } from './connections.ts';
import { HOLDER_FAILURES } from './holders.ts';
import { QUEUE_FAILURES } from './queues.ts';
import type { Scenario } from './scenario.ts';
import { SERVER_FAILURES } from './servers.ts';
import { SIMULATED_FAILURES } from './simulated.ts';

/** By number. What is missing, 32 to 34, is about leases of a cluster, which there are not yet. */
export const SCENARIOS: readonly Scenario[] = [
  ...HOLDER_FAILURES,
  ...SERVER_FAILURES,
  ...SIMULATED_FAILURES,
  ...QUEUE_FAILURES,
  ...CONNECTION_FAILURES,
].sort((a, b) => a.number - b.number);
