import { fileURLToPath } from 'node:url';
import { type ChildProcesses, type StartedProcess, within } from './child-processes.ts';
import type { ContenderEvent, ContenderOrder } from './contender-program.ts';

export interface ContenderSettings {
  readonly address: string;
  readonly lock: string;
  readonly ttlMs: number;
  /** Hears every event as it comes. */
  readonly onEvent: (name: string, event: ContenderEvent) => void;
}

type EventOf<K extends ContenderEvent['kind']> = Extract<ContenderEvent, { kind: K }>;

const EVENT_MS_MAX = 30_000;

/** The parent's side of `contender-program.ts`. */
export class Contender {
  readonly name: string;
  readonly started: StartedProcess;
  readonly #events: ContenderEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(processes: ChildProcesses, name: string, settings: ContenderSettings) {
    const program = fileURLToPath(new URL('contender-program.js', import.meta.url));
    const args = [settings.address, name, settings.lock, String(settings.ttlMs)];
    this.name = name;
    this.started = processes.start(name, program, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.started.child.on('message', (event: ContenderEvent) => {
      this.#events.push(event);
      settings.onEvent(name, event);
      for (const wake of this.#waiting) wake();
    });
  }

  order(order: ContenderOrder): void {
    this.started.child.send(order);
  }

  /** The first event of that kind, which may have come already. */
  async event<K extends ContenderEvent['kind']>(kind: K): Promise<EventOf<K>> {
    const isWanted = (event: ContenderEvent): event is EventOf<K> => event.kind === kind;
    let wake = (): void => {};
    const found = new Promise<EventOf<K>>((resolve, reject) => {
      wake = () => {
        const event = this.#events.find(isWanted);
        const failure = this.#events.find(({ kind }) => kind === 'failed');
        if (event !== undefined) resolve(event);
        else if (failure !== undefined) reject(new Error(JSON.stringify(failure)));
      };
      this.#waiting.add(wake);
      wake();
    });
    const ended = this.started.exited.then(({ code, signal }) => {
      throw new Error(`${this.name} ended, code=${code} signal=${signal}`);
    });
    // The last to settle has nobody waiting for it.
    ended.catch(() => {});
    try {
      return await within(Promise.race([found, ended]), EVENT_MS_MAX, `${this.name} ${kind}`);
    } finally {
      this.#waiting.delete(wake);
    }
  }
}
