#!/usr/bin/env node
// The command `holdfast`.
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { compactCommand } from './compact-command.ts';
import { deleteCommand } from './delete-command.ts';
import { EXIT_OK, EXIT_USAGE, exitCodeOf, printError } from './exit-codes.ts';
import { getCommand } from './get-command.ts';
import { healthCommand } from './health-command.ts';
import { inspectCommand } from './inspect-command.ts';
import { lockCommand } from './lock-command.ts';
import { locksCommand } from './locks-command.ts';
import { serveCommand } from './serve-command.ts';
import { sessionsCommand } from './sessions-command.ts';
import { setCommand } from './set-command.ts';
import { statsCommand } from './stats-command.ts';
import { ttlCommand } from './ttl-command.ts';
import { verifyCommand } from './verify-command.ts';

const program = new Command('holdfast')
  .description('A persistent cache and lock leases, over gRPC')
  .version(VERSION)
  .addCommand(serveCommand())
  .addCommand(healthCommand())
  .addCommand(getCommand())
  .addCommand(setCommand())
  .addCommand(deleteCommand())
  .addCommand(ttlCommand())
  .addCommand(lockCommand())
  .addCommand(locksCommand())
  .addCommand(sessionsCommand())
  .addCommand(statsCommand())
  .addCommand(compactCommand())
  .addCommand(verifyCommand())
  .addCommand(inspectCommand())
  .addHelpText(
    'after',
    '\nExit codes: 0 is done, 2 a wrong command; each says the others in its --help.',
  )
  .showHelpAfterError('Say --help for the options.');

exitByCode(program);

// Who reads the output may have seen enough: `holdfast inspect FILE | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end in this way too; commander has printed everything.
    process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  } else {
    printError(error);
    process.exitCode = exitCodeOf(error);
  }
}

/** Instead of ending the process itself, commander throws. */
function exitByCode(command: Command): void {
  command.exitOverride();
  for (const each of command.commands) exitByCode(each);
}
