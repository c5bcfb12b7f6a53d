// Holds a lock for as long as it may and works meanwhile: `node holder-program.mjs ADDRESS LOCK
// TTL_MS`. Says on standard output, a JSON line each, that it was granted the lock and that it lost
// it. What it reads is for how many milliseconds to block.
import { connect } from '@holdfast/client';

const [address, lock, ttl] = process.argv.slice(2);
// The same clock in every process of a machine.
const nowMs = () => Number(process.hrtime.bigint()) / 1e6;
const say = (event, facts) => process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);

const client = await connect(address, { clientName: 'holder' });
const lease = await client.locks.acquire(lock, { ttl: Number(ttl) });
let workedAtMs = nowMs();
say('granted', { token: String(lease.token), workedAtMs });

const work = setInterval(() => {
  // As a careful program does, before each piece of its work.
  if (lease.signal.aborted) {
    clearInterval(work);
    say('lost', { token: String(lease.token), workedAtMs });
  } else {
    workedAtMs = nowMs();
  }
}, 10);

process.stdin.on('data', (bytes) => {
  const untilMs = nowMs() + Number(bytes);
  while (nowMs() < untilMs);
});
