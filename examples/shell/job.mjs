// One job under a lock, as any program with the address of a sidecar can do it.
import { connect } from '@holdfast/client';

const [name] = process.argv.slice(2);
const client = await connect(process.env.HOLDFAST_ADDRESS, { clientName: `job ${name}` });
// Of jobs that start together one looks it up, and the others wait for that.
const retries = await client.cache.getOrSet('retries', async () => 3, { ttl: '1h' });
await client.locks.request('nightly', { ttl: '15s', wait: '1m' }, async (lease) => {
  const previous = await client.cache.get('last job');
  const job = { name, token: lease.token, retries };
  // Refused if the lease is over by then: a late job does not overwrite what its successor wrote.
  await client.cache.set('last job', job, { fence: lease, durability: 'synced' });
  console.log(`${name}: after ${previous?.name ?? 'nothing'}, token ${lease.token}`);
});
await client.close();
