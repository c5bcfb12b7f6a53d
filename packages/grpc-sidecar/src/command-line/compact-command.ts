import { loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering } from './exit-codes.ts';
import { addServerOptions, callServer, LONG_TIMEOUT, type ServerFlags } from './server-call.ts';

/** `holdfast compact`. */
export function compactCommand(): Command {
  return addServerOptions(new Command('compact'), LONG_TIMEOUT)
    .description("free the space of what is dead or expired in a server's store, now")
    .addHelpText('after', answerCodesHelp())
    .action(answering(runCompact));
}

async function runCompact(flags: ServerFlags): Promise<void> {
  const { Compact } = loadHoldfastProtos().adminService;
  const { bytesBefore, bytesAfter, segmentsFreed } = await callServer(flags, Compact, {});
  const result = {
    bytesBefore: Number(bytesBefore),
    bytesAfter: Number(bytesAfter),
    segmentsFreed,
  };
  if (flags.json === true) console.log(JSON.stringify(result));
  else
    console.log(`${bytesBefore} bytes before, ${bytesAfter} after, ${segmentsFreed} files freed`);
}
