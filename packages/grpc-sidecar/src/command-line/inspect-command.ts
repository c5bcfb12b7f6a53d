import { type FileInspection, inspectFile } from '@holdfast/core/inspect';
import { nodeRuntime } from '@holdfast/node';
import { Command } from 'commander';
import { answerCodesHelp, answering, EXIT_FAILED } from './exit-codes.ts';
import { itemLine, titleLine, totalsLine, totalsOf } from './inspection-text.ts';

interface InspectFlags {
  readonly summary?: true;
  readonly json?: true;
}

/** `holdfast inspect`. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('explain a file of a store, offline: it is only read, whoever has it open')
    .argument('<file>', 'a superblock, a manifest, or a segment')
    .option('--summary', 'without records and FRAMEs')
    .option('--json', 'print JSON, one document a line')
    .addHelpText('after', answerCodesHelp('the file is damaged'))
    .action(answering(runInspect));
}

async function runInspect(path: string, flags: InspectFlags): Promise<void> {
  const found = await inspectFile(nodeRuntime().fileSystem, path);
  const totals = totalsOf(found);
  const { name, kind, bytes } = found;
  const shown = found.items.filter(({ type }) => !flags.summary || !isDetail(type));
  if (flags.json === true) {
    for (const line of [{ type: 'file', name, kind, bytes }, ...shown])
      console.log(JSON.stringify(line));
    console.log(JSON.stringify({ type: 'summary', ...totals }));
  } else {
    console.log(titleLine(found));
    for (const item of shown) console.log(itemLine(item));
    console.log(totalsLine(totals));
  }
  if (totals.damage > 0) process.exitCode = EXIT_FAILED;
}

function isDetail(type: FileInspection['items'][number]['type']): boolean {
  return type === 'record' || type === 'frame';
}
