/**
 * Counts on simulated hosts how often the analyzer's claims hold, and writes docs/calibration.md. Exits with 1 if a
 * claim misses for an unknown reason.
 *
 * npm run calibrate [-- --threads 2] [--out docs/calibration.md] [--experiments 300]
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shareOf } from "./claims.ts";
import { judgeAll } from "./findings.ts";
import { knownMiss } from "./known-misses.ts";
import { renderPage } from "./page.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FULL, runSuite } from "./suite.ts";
import type { Task } from "./tasks.ts";
import { onThreads } from "./threads.ts";

const { values: options } = parseArgs({
  options: {
    threads: { type: "string", default: String(availableParallelism()) },
    experiments: { type: "string", default: String(FULL.experiments) },
    out: {
      type: "string",
      default: fileURLToPath(new URL("../../../docs/calibration.md", import.meta.url)),
    },
  },
});
const size = { ...FULL, experiments: Number(options.experiments) };

const result = await runSuite(size, onThreads(Number(options.threads), showProgress));
writeFileSync(options.out, renderPage(result, size));
process.stdout.write(`written: ${options.out}\n`);

const misses = judgeAll(result).filter(({ finding }) => finding === "miss");
for (const miss of misses) {
  const share = shareOf(miss.count).share.toFixed(3);
  const known = knownMiss(miss) === undefined ? "MISS" : "known miss";
  process.stdout.write(`${known}: ${miss.section}; ${miss.row}; ${miss.column}: ${share}\n`);
}
process.exitCode = misses.some((miss) => knownMiss(miss) === undefined) ? 1 : 0;

function showProgress(task: Task, done: number, of: number): void {
  const what = task.kind === "changes" ? "changes within a run" : SCENARIOS[task.scenario]?.name;
  if (done % 10 === 0 || done === of)
    process.stdout.write(`${task.kind}: ${done} of ${of} parts (${what})\n`);
}
