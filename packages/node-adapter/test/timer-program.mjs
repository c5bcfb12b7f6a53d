// Prints a line from a foreground timer and ends, though a background timer has an hour to go.
// Argument: node | bun | deno.
const runtimes = {
  node: async () => (await import('@holdfast/node')).nodeRuntime(),
  bun: async () => (await import('@holdfast/bun')).bunRuntime(),
  deno: async () => (await import('@holdfast/deno')).denoRuntime(),
};
const [name] = globalThis.Deno?.args ?? process.argv.slice(2);
const { clock } = await runtimes[name]();
clock.startTimer(3_600_000, 'background', () => {});
clock.startTimer(50, 'foreground', () => {
  // biome-ignore lint/suspicious/noConsole: the way to the test, the same on all runtimes.
  console.log('foreground');
});
