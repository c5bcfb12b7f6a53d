import { buffer } from 'node:stream/consumers';
import { loadHoldfastProtos, type SetRequest } from '@holdfast/protos';
import { Command, Option } from 'commander';
import { answerCodesHelp, answering, answerNo } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';
import { ENCODINGS, type InputEncoding, parseTtl, wireTtl, wireValue } from './wire-values.ts';

interface SetFlags extends ServerFlags {
  readonly ttl?: number;
  readonly ifAbsent?: true;
  readonly encoding?: InputEncoding;
  readonly durability?: 'buffered' | 'written' | 'synced';
}

/** `holdfast set`. */
export function setCommand(): Command {
  return addServerOptions(new Command('set'))
    .description('store a value')
    .argument('<key>', 'text')
    .argument('[value]', 'the value; from standard input if it is - or missing')
    .option('--ttl <duration>', "30s, 5m, 7d, or never; the server's default if missing", parseTtl)
    .option('--if-absent', 'only if the key has no value')
    .addOption(
      new Option(
        '--encoding <encoding>',
        'what the value is; text for an argument, bytes for standard input',
      ).choices(ENCODINGS),
    )
    .addOption(
      new Option('--durability <level>', 'what the answer waits for').choices([
        'buffered',
        'written',
        'synced',
      ]),
    )
    .addHelpText('after', answerCodesHelp('--if-absent, and the key has a value'))
    .action(answering(runSet));
}

async function runSet(key: string, argument: string | undefined, flags: SetFlags): Promise<void> {
  const isPiped = argument === undefined || argument === '-';
  const data = isPiped ? await buffer(process.stdin) : Buffer.from(argument);
  const { stored, version } = await callServer(flags, loadHoldfastProtos().cacheService.Set, {
    key: Buffer.from(key),
    value: wireValue(data, flags.encoding ?? (isPiped ? 'bytes' : 'text')),
    ...wireTtl(flags.ttl),
    ...durabilityOf(flags),
    ifAbsent: flags.ifAbsent === true,
  });
  if (flags.json === true) console.log(JSON.stringify({ key, stored, version }));
  else if (stored) console.log('stored');
  if (!stored) answerNo(`not stored, the key has a value, key=${key}`);
}

function durabilityOf({ durability }: SetFlags): Pick<SetRequest, 'durability'> {
  if (durability === undefined) return {};
  const name = durability.toUpperCase() as 'BUFFERED' | 'WRITTEN' | 'SYNCED';
  return { durability: `DURABILITY_${name}` };
}
