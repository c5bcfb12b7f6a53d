// Sets and deletes as fast as it can until it is killed, and says what it begins and what was
// acknowledged, each line written before the program goes on. Usage: node kill-program.mjs
// DIRECTORY FIRST_VERSION
import { writeSync } from 'node:fs';
import { openCache } from '@holdfast/node';

const [directory, firstVersion] = process.argv.slice(2);
const KEYS = 200;
const TASKS = 16;

const cache = await openCache({ directory, durability: 'written', memoryBytesMax: 2 ** 20 * 2 });
let version = Number(firstVersion);

async function work(task) {
  for (let turn = 0; ; turn++) {
    // Each task has its own keys, so that what is in flight for a key is known.
    const key = `key-${task + TASKS * (turn % Math.floor(KEYS / TASKS))}`;
    const mine = ++version;
    const isDelete = mine % 7 === 0;
    writeSync(1, `begin ${key} ${mine} ${isDelete ? 'delete' : 'set'}\n`);
    if (isDelete) await cache.delete(key);
    else await cache.set(key, { key, version: mine, text: `${key}:${mine};`.repeat(mine % 40) });
    writeSync(1, `done ${key} ${mine}\n`);
  }
}

for (let task = 0; task < TASKS; task++) work(task);
