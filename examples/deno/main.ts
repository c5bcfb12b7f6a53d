// Jobs that are done once each, by a program that may see no more of the machine than its own
// directory.
//
//   deno run --allow-read=./jobs --allow-write=./jobs examples/deno/main.ts [JOB…]
import { openCache } from '@holdfast/deno';

await using cache = await openCache({ directory: './jobs' });

for (const job of Deno.args) {
  // Of several tasks of this program, one at a time.
  await cache.withLock(job, async () => {
    const result = cache.get(job);
    if (result !== undefined) return console.log(`${job}: done before, ${result}`);
    // Synced: a job that is said to be done is done, even after a power cut.
    await cache.set(job, work(job), { ttl: '30d', durability: 'synced' });
    console.log(`${job}: done now, ${cache.get(job)}`);
  });
}

function work(job: string): string {
  return `${job.length} characters`;
}
