const SILENCE_MS = 2000;

/** Says on standard error what a long analysis is at: nothing in the first two seconds, then each two. */
export class ProgressNotifier {
  readonly #say: (line: string) => void;
  #spokenMs = performance.now();

  constructor(say: (line: string) => void = (line) => void process.stderr.write(`${line}\n`)) {
    this.#say = say;
  }

  /** @param what makes the words, only when they are said */
  at(what: () => string): void {
    const nowMs = performance.now();
    if (nowMs - this.#spokenMs < SILENCE_MS) return;
    this.#spokenMs = nowMs;
    this.#say(`analyze: ${what()} …`);
  }
}
