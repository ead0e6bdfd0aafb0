/**
 * Counts on simulated hosts how often the analyzer's claims hold, and writes docs/calibration.md and
 * docs/calibration-model.md; `--only verdict` prints the weights of the verdict's signs. Exits with 1 if a claim
 * misses for an unknown reason.
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
import { FULL_MODEL, runModelSuite, runPlatformSuite, runTraining, TRAINING } from "./model-suite.ts";
import { renderPage } from "./page.ts";
import { PLATFORM_SCENARIOS } from "./platform-scenarios.ts";
import { SCENARIOS } from "./scenarios.ts";
import { FULL, runSuite } from "./suite.ts";
import type { Task, TaskResult } from "./tasks.ts";
import { onThreads } from "./threads.ts";
import { crossValidate, findLimits, fitVerdictWeights } from "./verdict-weights.ts";

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

/**
 * Prints the weights of the verdict's signs, from hosts drawn at random, and what limits of the verdict would mean:
 * cross-validated over these hosts.
 */
async function weighSigns(): Promise<void> {
  const judgements = await runTraining(TRAINING, runTasks);
  const weights = fitVerdictWeights(judgements);
  const show = (values: readonly number[]) => values.map((value) => value.toFixed(3)).join(", ");
  process.stdout.write(
    `weights of a prediction: ${show(weights.prediction)}; of a fit: ${show(weights.fit)}\n`,
  );
  const fits = crossValidate(judgements);
  const limits = findLimits(fits);
  process.stdout.write(`limits: trust from ${limits.trusted} on, do not trust below ${limits.notTrusted}\n`);
  const all = fits.filter(({ isGood }) => isGood).length;
  for (let limit = 0.96; limit > 0; limit -= 0.02) {
    const above = fits.filter(({ mostRight }) => mostRight >= limit);
    const good = above.filter(({ isGood }) => isGood).length;
    const bad = fits.length - above.length - (all - good);
    process.stdout.write(
      `from ${limit.toFixed(2)} on: ${good} of ${above.length} fits good; below: ${bad} of ${fits.length - above.length} not\n`,
    );
  }
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
  if (task.kind === "model" && task.isTraining) return `host ${task.host} for training`;
  return (task.kind === "model" ? MODEL_HOSTS[task.host]?.name : SCENARIOS[task.scenario]?.name) ?? "";
}
