/**
 * Writes revision after revision of all documents into the store, durability `written`, and tells
 * each that is acknowledged through file descriptor 3, until it is killed. Telling is a plain
 * blocking write after the promise has resolved: what arrived at the other end was promised,
 * whatever became of this process.
 *
 * Argument: a JSON file that holds a `WriterTask`.
 */
import { readFileSync, writeSync } from 'node:fs';
import { openCache } from '@holdfast/node';
import { FIRST_REVISION, storedValue } from './demonstration.ts';
import { readDocument, TTL } from './documents.ts';
import { IN_FLIGHT_MAX, type WriterTask } from './writer-task.ts';

const ACKNOWLEDGEMENTS = 3;

const task = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as WriterTask;
const cache = await openCache({
  directory: task.directory,
  memoryBytesMax: task.memoryBytesMax,
  diskBytesMax: Number.POSITIVE_INFINITY,
  durability: 'written',
});
const inFlight = new Set<Promise<void>>();
for (let revision = FIRST_REVISION + 1; ; revision++) {
  for (const [index, path] of task.paths.entries()) {
    if (inFlight.size === IN_FLIGHT_MAX) await Promise.race(inFlight);
    const { kind, value } = readDocument(task.sourceFolder, path);
    const written: Promise<void> = cache
      .set(path, storedValue(value, revision), { ttl: TTL[kind] })
      .then(() => {
        writeSync(ACKNOWLEDGEMENTS, `${revision} ${index}\n`);
        inFlight.delete(written);
      });
    inFlight.add(written);
  }
}
