import { type VerifiedFile, type VerifiedStore, verifyStore } from '@holdfast/core/inspect';
import { nodeRuntime } from '@holdfast/node';
import { Command } from 'commander';
import { answerCodesHelp, answering, EXIT_FAILED } from './exit-codes.ts';
import { itemLine } from './inspection-text.ts';

/** `holdfast verify`. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('check a store, offline: every checksum, and what an opening would find')
    .argument('<directory>', 'where the store is')
    .option('--json', 'print JSON, one document a line')
    .addHelpText('after', answerCodesHelp('there is damage'))
    .action(answering(runVerify));
}

async function runVerify(directory: string, flags: { readonly json?: true }): Promise<void> {
  const path = directory.length > 1 ? directory.replace(/\/+$/, '') : directory;
  const store = await verifyStore(nodeRuntime(), path);
  if (flags.json === true) printJson(store);
  else printText(store);
  if (!store.isClean) process.exitCode = EXIT_FAILED;
}

function printJson({ files, problems, ...summary }: VerifiedStore): void {
  for (const file of files) console.log(JSON.stringify({ type: 'file', ...file }));
  for (const problem of problems) console.log(JSON.stringify({ type: 'problem', ...problem }));
  console.log(JSON.stringify({ type: 'summary', ...summary }));
}

function printText({ files, problems, live, recovery, isClean }: VerifiedStore): void {
  for (const file of files) {
    console.log(fileLine(file));
    for (const damage of file.damage) console.log(itemLine(damage));
    for (const { offset, bytes } of file.torn) {
      console.log(`${String(offset).padStart(9)}  torn     ${bytes} bytes of writes under way`);
    }
  }
  for (const { message } of problems) console.log(message);
  const given =
    recovery.failedClosed > 0 ? `, everything older given up ${recovery.failedClosed}×` : '';
  console.log(`${isClean ? 'clean' : 'DAMAGED'}, ${live} live records${given}`);
}

function fileLine({ name, role, kind, bytes, values, expired }: VerifiedFile): string {
  if (role === 'lock') return `${name}: the lock`;
  if (role === 'journal') return `${name}: a journal of the leases, not checked`;
  if (role === 'foreign') return `${name}: no file of a store`;
  if (role === 'index') return `${name}: ${bytes} bytes, a snapshot of the index`;
  if (role === 'leftover') return `${name}: nothing in it counts; the next opening removes it`;
  const held = values === undefined ? '' : `, ${values} values, ${expired} of them expired`;
  return `${name}: ${kind}, ${bytes} bytes${held}`;
}
