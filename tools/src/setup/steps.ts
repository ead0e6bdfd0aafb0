import { performance } from "node:perf_hooks";
import { progressOutput } from "../progress-output.ts";

/** Receives set-up's progress, one line per step, and its warnings. */
export interface SetupLog {
  line(text: string): void;
  warn(text: string): void;
}

export const stderrLog: SetupLog = {
  line: (text) => void progressOutput.write(`${text}\n`),
  warn: (text) => void process.stderr.write(`${text}\n`),
};

/** Runs a set-up step; logs its begin and its duration. */
export async function step<T>(title: string, work: () => Promise<T>, log: SetupLog = stderrLog): Promise<T> {
  const begin = performance.now();
  log.line(`setup: ${title} …`);
  // Without output, a long download would look like a hang.
  const alive = setInterval(() => {
    log.line(`setup: ${title}: still running (${Math.round((performance.now() - begin) / 1000)} s)`);
  }, 10_000);
  try {
    const result = await work();
    log.line(`setup: ${title}: done (${((performance.now() - begin) / 1000).toFixed(1)} s)`);
    return result;
  } finally {
    clearInterval(alive);
  }
}
