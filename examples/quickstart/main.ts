// `npm run quickstart`: the whole product on real files, in a minute or less, each claim checked.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChildProcesses } from './child-processes.ts';
import { contend } from './contention.ts';
import { crash } from './crash.ts';
import type { Demonstration } from './demonstration.ts';
import { listDocuments } from './documents.ts';
import { count, size } from './figures.ts';
import { load } from './load.ts';
import { HELP, parseOptions, type QuickstartOptions, UsageError } from './options.ts';
import { Report } from './report.ts';
import { serve, stop } from './sidecar.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

const report = new Report(process.stdout.isTTY === true);
const processes = new ChildProcesses();
let temporaryFolder: string | undefined;
/** Then what fails, fails because its processes are being ended. */
let isInterrupted = false;

// Whatever ends this process (Ctrl-C, an error nobody expected) leaves no process and no file
// behind.
process.on('exit', () => {
  report.stopProgress();
  processes.killNow();
  removeTemporaryFolder();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, async () => {
    isInterrupted = true;
    await processes.killAll();
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await demonstrate(options);
} catch (error) {
  if (error instanceof UsageError) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exitCode = EXIT_USAGE;
  } else throw error;
}

async function demonstrate(options: QuickstartOptions): Promise<void> {
  const startedAt = performance.now();
  const demonstration = prepare(options);
  const { documents, directory } = demonstration;
  report.title(`Holdfast on ${count(documents.paths.length)} real files, ${size(documents.bytes)}`);
  report.figure('files from', demonstration.sourceFolder);
  report.figure('store in', options.directory === undefined ? 'a temporary folder' : directory);
  try {
    await load(demonstration);
    await crash(demonstration);
    const sidecar = await serve(demonstration);
    await contend(demonstration, sidecar.address);
    await stop(demonstration, sidecar);
  } catch (error) {
    if (isInterrupted) return;
    report.fail(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  await processes.killAll();
  removeTemporaryFolder();
  report.conclude(performance.now() - startedAt);
  process.exit(report.failed === 0 ? 0 : EXIT_FAILED);
}

/** Throws a `UsageError` for folders that cannot be used. */
function prepare(options: QuickstartOptions): Demonstration {
  const sourceFolder = resolve(options.sourceFolder ?? join(REPOSITORY, 'node_modules'));
  if (!existsSync(sourceFolder)) throw new UsageError(`--from: there is no ${sourceFolder}`);
  const documents = listDocuments(sourceFolder, options.filesMax);
  if (documents.paths.length === 0) throw new UsageError(`--from: no files in ${sourceFolder}`);

  temporaryFolder = mkdtempSync(join(tmpdir(), 'holdfast-quickstart-'));
  const directory = resolve(options.directory ?? join(temporaryFolder, 'store'));
  makeEmptyFolder(directory);
  return {
    report,
    processes,
    temporaryFolder,
    directory,
    sourceFolder,
    documents,
    revisions: new Uint32Array(documents.paths.length),
    // Several times what is loaded: nothing is to be evicted, whatever waits to be cleaned.
    memoryBytesMax: Math.max(512 * 2 ** 20, 6 * documents.bytes),
  };
}

function makeEmptyFolder(path: string): void {
  let names: string[];
  try {
    mkdirSync(path, { recursive: true });
    names = readdirSync(path);
  } catch (error) {
    throw new UsageError(`--directory: ${(error as Error).message}`);
  }
  if (names.length > 0) throw new UsageError(`--directory: ${path} is not empty`);
}

function removeTemporaryFolder(): void {
  if (temporaryFolder === undefined) return;
  // The files of a process that is just being killed may still come and go.
  rmSync(temporaryFolder, { recursive: true, force: true, maxRetries: 3 });
}
