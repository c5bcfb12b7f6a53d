// One job under a lock, as any program with the address of a sidecar can do it.
import { connect } from '@holdfast/client';

const [name] = process.argv.slice(2);
const client = await connect(process.env.HOLDFAST_ADDRESS, { clientName: `job ${name}` });
await client.locks.request('nightly', { ttl: '15s', wait: '1m' }, async (lease) => {
  const previous = await client.cache.get('last job');
  lease.signal.throwIfAborted();
  await client.cache.set('last job', { name, token: lease.token }, { durability: 'synced' });
  console.log(`${name}: after ${previous?.name ?? 'nothing'}, token ${lease.token}`);
});
await client.close();
