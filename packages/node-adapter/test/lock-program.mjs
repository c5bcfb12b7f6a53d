// Takes a directory's lock with the adapter of the runtime it runs on, prints what came of it, and
// holds it until it is killed or a minute has passed. Arguments: node | bun | deno, the directory.
// Deno imports without the permission to read only what it finds here as literal text.
const runtimes = {
  node: async () => (await import('@holdfast/node')).nodeRuntime(),
  bun: async () => (await import('@holdfast/bun')).bunRuntime(),
  deno: async () => (await import('@holdfast/deno')).denoRuntime(),
};
const [name, directory] = globalThis.Deno?.args ?? process.argv.slice(2);
const { fileSystem, clock } = await runtimes[name]();
try {
  await fileSystem.lockDirectory(directory);
  print({ pid: globalThis.Deno?.pid ?? process.pid });
  clock.startTimer(60_000, 'foreground', () => {});
} catch (error) {
  print({ code: error.code, holderPid: error.details?.pid, message: String(error) });
}

function print(outcome) {
  // biome-ignore lint/suspicious/noConsole: the way to the test, the same on all runtimes.
  console.log(JSON.stringify(outcome));
}
