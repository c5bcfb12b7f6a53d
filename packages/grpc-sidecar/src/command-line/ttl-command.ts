import { loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering, answerNo } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';
import { millisecondsOf, parseTtl, wireTtl } from './wire-values.ts';

/** `holdfast ttl`. */
export function ttlCommand(): Command {
  return addServerOptions(new Command('ttl'))
    .description('print how long a value has to live, or give it a new TTL')
    .argument('<key>', 'text')
    .argument('[duration]', '30s, 5m, 7d, or never', parseTtl)
    .addHelpText('after', answerCodesHelp('the key has no value'))
    .action(answering(runTtl));
}

async function runTtl(key: string, ttl: number | undefined, flags: ServerFlags): Promise<void> {
  const { cacheService } = loadHoldfastProtos();
  const request = { key: Buffer.from(key) };
  const touch = { ...request, ...wireTtl(ttl) };
  const { existed } =
    ttl === undefined ? { existed: true } : await callServer(flags, cacheService.Touch, touch);
  const { entry } = existed ? await callServer(flags, cacheService.Get, request) : { entry: null };
  if (entry === null) {
    answerNo(`no value, key=${key}`);
    return;
  }
  const expiresAt = millisecondsOf(entry.expiresAt);
  // By this machine's clock: exact where the server runs on it too.
  const left = expiresAt === null ? null : Math.max(0, expiresAt - Date.now());
  if (flags.json === true) console.log(JSON.stringify({ key, ttl: left, expiresAt }));
  else console.log(left === null ? 'never' : `${left}ms`);
}
