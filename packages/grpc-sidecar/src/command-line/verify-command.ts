import { type VerifiedFile, type VerifiedStore, verifyStore } from '@holdfast/core/inspect';
import { nodeRuntime } from '@holdfast/node';
import { type FileDamage__Output, loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering, EXIT_FAILED } from './exit-codes.ts';
import { itemLine } from './inspection-text.ts';
import { addServerOptions, callServer, LONG_TIMEOUT, type ServerFlags } from './server-call.ts';

/** `holdfast verify`. */
export function verifyCommand(): Command {
  return addServerOptions(new Command('verify'), LONG_TIMEOUT)
    .description(
      "check a store: every checksum; offline, also what an opening would find; without a directory, a server's",
    )
    .argument('[directory]', 'where the store is')
    .addHelpText('after', answerCodesHelp('there is damage'))
    .action(answering(runVerify));
}

async function runVerify(directory: string | undefined, flags: ServerFlags): Promise<void> {
  if (directory === undefined) return verifyServer(flags);
  const path = directory.length > 1 ? directory.replace(/\/+$/, '') : directory;
  const store = await verifyStore(nodeRuntime(), path);
  if (flags.json === true) printJson(store);
  else printText(store);
  if (!store.isClean) process.exitCode = EXIT_FAILED;
}

async function verifyServer(flags: ServerFlags): Promise<void> {
  const { Verify } = loadHoldfastProtos().adminService;
  const { damage, ...counts } = await callServer(flags, Verify, {});
  const places = damage.map(damageJson);
  const isClean = damage.length === 0;
  const [files, bytes, records] = [counts.files, Number(counts.bytes), Number(counts.records)];
  if (flags.json === true) {
    for (const place of places) console.log(JSON.stringify({ type: 'damage', ...place }));
    console.log(JSON.stringify({ type: 'summary', files, bytes, records, isClean }));
  } else {
    for (const { file, ...place } of places) {
      console.log(`${file}: at ${place.offset}, DAMAGE, ${place.bytes} bytes: ${place.what}`);
    }
    const word = isClean ? 'clean' : 'DAMAGED';
    console.log(`${word}, ${files} files, ${bytes} bytes, ${records} records`);
  }
  if (!isClean) process.exitCode = EXIT_FAILED;
}

function damageJson({ file, offset, bytes, kind }: FileDamage__Output) {
  const what = kind.replace('FILE_DAMAGE_KIND_', '').toLowerCase();
  return { file, offset: Number(offset), bytes: Number(bytes), what };
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
  if (role === 'journal') return `${name}: journal of the leases, ${bytes} bytes`;
  if (role === 'foreign') return `${name}: no file of a store`;
  if (role === 'index') return `${name}: ${bytes} bytes, a snapshot of the index`;
  if (role === 'leftover') return `${name}: nothing in it counts; the next opening removes it`;
  const held = values === undefined ? '' : `, ${values} values, ${expired} of them expired`;
  return `${name}: ${kind}, ${bytes} bytes${held}`;
}
