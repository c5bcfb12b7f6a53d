import { HoldfastError } from '@holdfast/core';
import { loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering, answerNo } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';
import { decodedValue, encodingOf, jsonOf, millisecondsOf } from './wire-values.ts';

/** `holdfast get`. */
export function getCommand(): Command {
  return addServerOptions(new Command('get'))
    .description('print a value: text and bytes as they are, everything else as JSON')
    .argument('<key>', 'text')
    .addHelpText('after', answerCodesHelp('the key has no value'))
    .action(answering(runGet));
}

async function runGet(key: string, flags: ServerFlags): Promise<void> {
  const { cacheService } = loadHoldfastProtos();
  const { entry } = await callServer(flags, cacheService.Get, { key: Buffer.from(key) });
  if (entry === null) {
    answerNo(`no value, key=${key}`);
    return;
  }
  if (entry.value === null) throw new HoldfastError('CORRUPT', `no value in the entry, key=${key}`);
  const value = decodedValue(entry.value);
  if (flags.json === true) {
    const { version } = entry;
    const createdAt = millisecondsOf(entry.createdAt);
    const expiresAt = millisecondsOf(entry.expiresAt);
    const encoding = encodingOf(entry.value);
    console.log(jsonOf({ key, value, encoding, version, createdAt, expiresAt }));
    return;
  }
  const isTerminal = process.stdout.isTTY === true;
  if (value instanceof Uint8Array) process.stdout.write(value);
  else if (typeof value === 'string') process.stdout.write(isTerminal ? `${value}\n` : value);
  else console.log(jsonOf(value, isTerminal ? 2 : undefined));
}
