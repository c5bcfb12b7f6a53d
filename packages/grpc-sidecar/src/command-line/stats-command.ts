import { loadHoldfastProtos } from '@holdfast/protos';
import { Command } from 'commander';
import { answerCodesHelp, answering } from './exit-codes.ts';
import { addServerOptions, callServer, type ServerFlags } from './server-call.ts';
import { millisecondsOf } from './wire-values.ts';

type Figures = Readonly<Record<string, string | number | null>>;

/** `holdfast stats`. */
export function statsCommand(): Command {
  return addServerOptions(new Command('stats'))
    .description('print what a server is, and its figures of now')
    .addHelpText('after', answerCodesHelp())
    .action(answering(runStats));
}

async function runStats(flags: ServerFlags): Promise<void> {
  const { adminService } = loadHoldfastProtos();
  const [info, stats] = await Promise.all([
    callServer(flags, adminService.GetServerInfo, {}),
    callServer(flags, adminService.GetStats, {}),
  ]);
  const sections = {
    info: {
      version: info.version,
      processId: info.processId,
      startedAt: millisecondsOf(info.startedAt),
      directory: info.directory === '' ? null : info.directory,
    },
    cache: figuresOf(stats.cache),
    server: figuresOf(stats.server),
  };
  if (flags.json === true) console.log(JSON.stringify(sections));
  else for (const [name, figures] of Object.entries(sections)) printFigures(name, figures);
}

/** 64-bit figures come as text; these stay exact. What the store does not measure is left out. */
function figuresOf(message: object | null): Figures {
  const figures: Record<string, number> = {};
  for (const [name, value] of Object.entries(message ?? {})) {
    // Proto-loader says of each optional field, under its name and an underscore, that it is there.
    if (!name.startsWith('_')) figures[name] = Number(value);
  }
  return figures;
}

function printFigures(section: string, figures: Figures): void {
  for (const [name, value] of Object.entries(figures)) {
    const shown =
      name === 'startedAt' && typeof value === 'number'
        ? new Date(value).toISOString()
        : (value ?? 'memory only');
    console.log(`${section}.${name}`.padEnd(32), shown);
  }
}
