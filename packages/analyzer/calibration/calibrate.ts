/**
 * Counts on simulated hosts how often the analyzer's claims hold, and writes docs/calibration.md and
 * docs/calibration-model.md. Exits with 1 if a claim misses for an unknown reason.
 *
 * npm run calibrate [-- --only claims|model] [--threads 2] [--experiments 300]
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { shareOf } from "./claims.ts";
import { judgeAll } from "./findings.ts";
import { knownMiss } from "./known-misses.ts";
import { MODEL_HOSTS } from "./model-hosts.ts";
import { renderModelPage } from "./model-page.ts";
import { FULL_MODEL, runModelSuite } from "./model-suite.ts";
import { renderPage } from "./page.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FULL, runSuite } from "./suite.ts";
import type { Task, TaskResult } from "./tasks.ts";
import { onThreads } from "./threads.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    threads: { type: "string", default: String(availableParallelism()) },
    experiments: { type: "string" },
  },
});
if (options.only !== undefined && !["claims", "model"].includes(options.only))
  throw new RangeError(`--only is "${options.only}": write claims or model`);
const { experiments } = options;
const more = experiments === undefined ? {} : { experiments: Number(experiments) };
const runTasks = onThreads<Task, TaskResult>(
  new URL("./worker.ts", import.meta.url),
  Number(options.threads),
  showProgress,
);

if (options.only !== "model") await calibrateClaims();
if (options.only !== "claims") await calibrateModel();

async function calibrateClaims(): Promise<void> {
  const size = { ...FULL, ...more };
  const result = await runSuite(size, runTasks);
  write("calibration.md", renderPage(result, size));
  const misses = judgeAll(result).filter(({ finding }) => finding === "miss");
  for (const miss of misses) {
    const share = shareOf(miss.count).share.toFixed(3);
    const known = knownMiss(miss) === undefined ? "MISS" : "known miss";
    process.stdout.write(`${known}: ${miss.section}; ${miss.row}; ${miss.column}: ${share}\n`);
  }
  process.exitCode = misses.some((miss) => knownMiss(miss) === undefined) ? 1 : 0;
}

async function calibrateModel(): Promise<void> {
  const size = { ...FULL_MODEL, ...more };
  write("calibration-model.md", renderModelPage(await runModelSuite(size, runTasks), size));
}

function write(name: string, page: string): void {
  const path = fileURLToPath(new URL(`../../../docs/${name}`, import.meta.url));
  writeFileSync(path, page);
  process.stdout.write(`written: ${path}\n`);
}

function showProgress(task: Task, done: number, of: number): void {
  if (done % 10 === 0 || done === of)
    process.stdout.write(`${task.kind}: ${done} of ${of} parts (${describeTask(task)})\n`);
}

function describeTask(task: Task): string {
  if (task.kind === "changes") return "changes within a run";
  return (task.kind === "model" ? MODEL_HOSTS[task.host]?.name : SCENARIOS[task.scenario]?.name) ?? "";
}
