/**
 * What a visitor sees: numbered sections of aligned figures, each closed by checks.
 *
 *     1  Load them into an embedded cache
 *        documents   6,000 …
 *        ✓ every document reads back as its file says
 *
 * Colours and a moving bar are for terminals only; anything else gets plain lines.
 */
import { setImmediate } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import pico from 'picocolors';

export interface Progress {
  /** Also lets timers, children and signals have their turn. */
  advance(by: number): Promise<void>;
  finish(): void;
}

const LABEL_WIDTH = 14;

export class Report {
  readonly #isTerminal: boolean;
  readonly #color: ReturnType<typeof pico.createColors>;
  #sections = 0;
  #passed = 0;
  #failed = 0;
  #bar: SingleBar | undefined;

  constructor(isTerminal: boolean) {
    this.#isTerminal = isTerminal;
    // By itself picocolors takes a build server for a terminal.
    this.#color = pico.createColors(isTerminal && pico.isColorSupported);
  }

  get passed(): number {
    return this.#passed;
  }

  get failed(): number {
    return this.#failed;
  }

  title(text: string): void {
    console.log(this.#color.bold(text));
  }

  section(title: string): void {
    this.#sections++;
    console.log(`\n${this.#color.bold(this.#color.cyan(`${this.#sections}  ${title}`))}`);
  }

  figure(label: string, text: string): void {
    console.log(`   ${this.#color.dim(label.padEnd(LABEL_WIDTH))}${text}`);
  }

  check(isRight: boolean, claim: string, evidence = ''): void {
    if (isRight) this.#passed++;
    else this.#failed++;
    const mark = isRight ? this.#color.green('✓') : this.#color.red('✗');
    const why = evidence === '' ? '' : this.#color.dim(`: ${evidence}`);
    console.log(`   ${mark} ${isRight ? claim : this.#color.red(`not so: ${claim}`)}${why}`);
  }

  /** A line of its own for what broke off the demonstration. */
  fail(message: string): void {
    this.stopProgress();
    this.#failed++;
    console.log(`   ${this.#color.red('✗')} ${message}`);
  }

  /** A bar for as long as something takes, gone afterwards. */
  progress(label: string, total: number): Progress {
    const bar = this.#isTerminal
      ? new SingleBar({
          format: `   ${label.padEnd(LABEL_WIDTH)}{bar} {percentage} %`,
          barsize: 30,
          hideCursor: true,
          clearOnComplete: true,
        })
      : undefined;
    bar?.start(total, 0);
    this.#bar = bar;
    return {
      advance: async (by) => {
        bar?.increment(by);
        await setImmediate();
      },
      finish: () => this.stopProgress(),
    };
  }

  /** The cursor comes back, whatever happened. */
  stopProgress(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  /** The last line. */
  conclude(ms: number): void {
    const seconds = `${(ms / 1_000).toFixed(1)} s`;
    const line =
      this.#failed === 0
        ? this.#color.green(`All ${this.#passed} checks passed in ${seconds}.`)
        : this.#color.red(`${this.#failed} of ${this.#passed + this.#failed} checks failed`) +
          ` in ${seconds}.`;
    console.log(`\n${this.#color.bold(line)}`);
  }
}
