/**
 * Counts on simulated hosts how often the analyzer's claims hold, and writes docs/calibration.md and
 * docs/calibration-model.md; `--only verdict` prints the weights of the verdict's signs. Exits with 1 if a claim misses for an unknown reason.
 *
 * npm run calibrate [-- --only claims|model|verdict] [--threads 2] [--experiments 300]
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
import { FULL_MODEL, runModelSuite, runPlatformSuite } from "./model-suite.ts";
import { renderPage } from "./page.ts";
import { PLATFORM_SCENARIOS } from "./platform-scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FULL, runSuite } from "./suite.ts";
import type { Task, TaskResult } from "./tasks.ts";
import { onThreads } from "./threads.ts";
import { fitVerdictWeights } from "./verdict-weights.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    threads: { type: "string", default: String(availableParallelism()) },
    experiments: { type: "string" },
  },
});
if (options.only !== undefined && !["claims", "model", "verdict"].includes(options.only))
  throw new RangeError(`--only is "${options.only}": write claims, model or verdict`);
const { experiments } = options;
const more = experiments === undefined ? {} : { experiments: Number(experiments) };
const runTasks = onThreads<Task, TaskResult>(
  new URL("./worker.ts", import.meta.url),
  Number(options.threads),
  showProgress,
);

if (options.only === undefined || options.only === "claims") await calibrateClaims();
if (options.only === undefined || options.only === "model") await calibrateModel();
if (options.only === "verdict") await weighSigns();

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
  const judgements = await runModelSuite(size, runTasks);
  write("calibration-model.md", renderModelPage(judgements, await runPlatformSuite(size, runTasks), size));
}

/** Prints the weights of the verdict's signs, from other experiments than those that the page shows. */
async function weighSigns(): Promise<void> {
  const size = { ...FULL_MODEL, seed: FULL_MODEL.seed + 1, experiments: 3, truthRuns: 60, ...more };
  const weights = fitVerdictWeights(await runModelSuite(size, runTasks));
  process.stdout.write(`${weights.map((weight) => weight.toFixed(2)).join(" ")}\n`);
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
  if (task.kind === "platform") return PLATFORM_SCENARIOS[task.scenario]?.name ?? "";
  return (task.kind === "model" ? MODEL_HOSTS[task.host]?.name : SCENARIOS[task.scenario]?.name) ?? "";
}
