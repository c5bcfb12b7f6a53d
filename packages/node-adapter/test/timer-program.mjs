// Prints a line from a foreground timer and ends, though a background timer has an hour to go; by
// then a background task that goes on in the next turn, and the next, is done, though nothing else
// wakes the process up. Argument: node | bun | deno.
const runtimes = {
  node: async () => (await import('@holdfast/node')).nodeRuntime(),
  bun: async () => (await import('@holdfast/bun')).bunRuntime(),
  deno: async () => (await import('@holdfast/deno')).denoRuntime(),
};
const [name] = globalThis.Deno?.args ?? process.argv.slice(2);
const { clock } = await runtimes[name]();
let turns = 0;
function takeTurn() {
  if (++turns < 20) clock.startTimer(0, 'background', takeTurn);
}
clock.startTimer(3_600_000, 'background', () => {});
clock.startTimer(0, 'background', takeTurn);
clock.startTimer(500, 'foreground', () => {
  // biome-ignore lint/suspicious/noConsole: the way to the test, the same on all runtimes.
  console.log(`foreground, after ${turns} turns in the background`);
  // Without an end, and not to be waited for.
  turns = Number.NEGATIVE_INFINITY;
  takeTurn();
});
