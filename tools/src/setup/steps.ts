import { performance } from "node:perf_hooks";

/** Where set-up tells a person what it is doing: standard error, one line per step. */
export interface SetupLog {
  line(text: string): void;
}

export const stderrLog: SetupLog = { line: (text) => process.stderr.write(`${text}\n`) };

/** Runs one set-up step between a line that says it began and one with the seconds that it took. */
export async function step<T>(title: string, work: () => Promise<T>, log: SetupLog = stderrLog): Promise<T> {
  const begin = performance.now();
  log.line(`setup: ${title} …`);
  // A long download without a word looks like a hang.
  const alive = setInterval(() => {
    log.line(`setup: ${title}: still at it (${Math.round((performance.now() - begin) / 1000)} s)`);
  }, 10_000);
  try {
    const result = await work();
    log.line(`setup: ${title}: done (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    return result;
  } finally {
    clearInterval(alive);
  }
}
