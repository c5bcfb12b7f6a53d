#!/usr/bin/env node
// The command `holdfast`.
import { Command, CommanderError } from 'commander';
import { VERSION } from '../version.ts';
import { EXIT_CODES_HELP, EXIT_OK, EXIT_USAGE, exitCodeOf } from './exit-codes.ts';
import { healthCommand } from './health-command.ts';
import { serveCommand } from './serve-command.ts';

const program = new Command('holdfast')
  .description('A persistent cache and lock leases, over gRPC')
  .version(VERSION)
  .addCommand(serveCommand())
  .addCommand(healthCommand())
  .addHelpText('after', EXIT_CODES_HELP)
  .showHelpAfterError('Say --help for the options.');

for (const command of [program, ...program.commands]) command.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Help and version end in this way too; commander has printed everything.
    process.exitCode = error.exitCode === 0 ? EXIT_OK : EXIT_USAGE;
  } else {
    console.error(`holdfast: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = exitCodeOf(error);
  }
}
