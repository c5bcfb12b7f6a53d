import { loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering, answerNo } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';

/** `holdfast delete`. */
export function deleteCommand(): Command {
  return addServerOptions(new Command('delete'))
    .description('remove a key')
    .argument('<key>', 'text')
    .addHelpText('after', answerCodesHelp('the key had no value'))
    .action(answering(runDelete));
}

async function runDelete(key: string, flags: ServerFlags): Promise<void> {
  const { cacheService } = loadHoldfastProtos();
  const { existed } = await callServer(flags, cacheService.Delete, { key: Buffer.from(key) });
  if (flags.json === true) console.log(JSON.stringify({ key, existed }));
  else if (existed) console.log('deleted');
  if (!existed) answerNo(`no value, key=${key}`);
}
