/**
 * One of the processes that want the lock: does what its parent asks (`ContenderOrder`) and tells
 * what becomes of it (`ContenderEvent`). Ends with its parent.
 *
 * Arguments: the server's address, its own name, the lock's name, the TTL in milliseconds.
 */
import { connect, type Lease } from '@holdfast/client';

export type ContenderOrder = 'acquire' | 'renew' | 'release' | 'close';

export type ContenderEvent =
  | { readonly kind: 'connected' | 'renewed' | 'released' }
  | { readonly kind: 'queued'; readonly position: number; readonly holder: string }
  | { readonly kind: 'granted'; readonly token: string }
  | { readonly kind: 'lost' | 'failed'; readonly message: string };

const [address, name, lock, ttlMs] = process.argv.slice(2);
const client = await connect(address!, { clientName: name, sessionTtl: Number(ttlMs) });
let lease: Lease | undefined;

const actions: Readonly<Record<ContenderOrder, () => Promise<void>>> = {
  acquire: async () => {
    lease = await client.locks.acquire(lock!, {
      onQueued: ({ position, holder }) => tell({ kind: 'queued', position, holder }),
    });
    const { signal } = lease;
    signal.addEventListener('abort', () => tell({ kind: 'lost', message: String(signal.reason) }));
    // Text, since a bigint cannot be sent.
    tell({ kind: 'granted', token: String(lease.token) });
  },
  renew: async () => {
    await lease?.renew();
    tell({ kind: 'renewed' });
  },
  release: async () => {
    await lease?.release();
    tell({ kind: 'released' });
  },
  close: async () => {
    await client.close();
    process.disconnect();
  },
};

process.on('message', (order: ContenderOrder) => {
  actions[order]().catch((error) => tell({ kind: 'failed', message: String(error) }));
});
process.on('disconnect', () => process.exit());
tell({ kind: 'connected' });

function tell(event: ContenderEvent): void {
  process.send?.(event);
}
