import { progressOutput } from "../progress-output.ts";

const SILENCE_MS = 2000;

/** Reports the progress of a long analysis on standard error, at most every two seconds. */
export class ProgressNotifier {
  readonly #write: (line: string) => void;
  #writtenMs = performance.now();

  constructor(write: (line: string) => void = (line) => void progressOutput.write(`${line}\n`)) {
    this.#write = write;
  }

  /** @param what describes the progress; called only if a line is written */
  at(what: () => string): void {
    const nowMs = performance.now();
    if (nowMs - this.#writtenMs < SILENCE_MS) return;
    this.#writtenMs = nowMs;
    this.#write(`analyze: ${what()} …`);
  }
}
