// Weather that is asked for once, however many want it and however often the program starts.
//
//   node examples/node/index.mjs [DIRECTORY]
import { setTimeout as sleep } from 'node:timers/promises';
import { openCache } from '@holdfast/node';

const cache = await openCache({ directory: process.argv[2] ?? './holdfast-data' });

// Stands for a slow service.
let requests = 0;
async function fetchWeather({ key }) {
  requests++;
  await sleep(100);
  return { city: key.slice('weather/'.length), celsius: 21, at: new Date() };
}

// Ten at once: one request, and all have its answer. Ten minutes later there will be another one.
const ask = () => cache.getOrSet('weather/Bern', fetchWeather, { ttl: '10m' });
const answers = await Promise.all(Array.from({ length: 10 }, ask));
console.log(`${answers.length} answers from ${requests} requests: ${answers[0].celsius} °C`);

// Survives a power cut before the next line runs.
const starts = await cache.increment('starts', 1, { durability: 'synced' });
console.log(
  `start number ${starts}, weather for another ${Math.ceil(cache.ttl('weather/Bern'))} ms`,
);

await cache.close();
