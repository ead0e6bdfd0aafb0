/**
 * Measures bursts on the local gateway under two autoscaler rules, predicts them from another experiment, and prints both.
 * About 12 minutes; exits with 1 if a 95th percentile differs by more than 15%, or a share of cold starts by more than 15%.
 *
 * node --conditions=@slbench/source tools/scripts/compare-bursts.ts [FOLDER with earlier results]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Starts that take long compared with everything else on the machine. */
const START_SECONDS = 8;
const BURSTS = 4;
const MAX_ERROR = 0.15;

const TRAIN = `
name: train
function:
  url: local
  backend: none
  autoscale: {rule: per-request, keepAliveSeconds: 6, maxReplicas: 4, startSeconds: ${START_SECONDS}}
request: {video: sample}
load: {users: [1, 2], thinkTimeSeconds: "idle:12/6", requestsPerUser: 18, repetitions: 1}
`;

interface Comparison {
  readonly name: string;
  readonly rule: string;
  readonly burst: {
    readonly requests: number;
    readonly everySeconds: number;
    readonly withinSeconds: number;
  };
}

const COMPARISONS: readonly Comparison[] = [
  {
    name: "kpa",
    rule: "rule: kpa, target: 1, maxReplicas: 4, stableWindowSeconds: 10",
    burst: { requests: 30, everySeconds: 60, withinSeconds: 15 },
  },
  {
    name: "per-request",
    rule: "rule: per-request, keepAliveSeconds: 10, maxReplicas: 4",
    burst: { requests: 18, everySeconds: 45, withinSeconds: 12 },
  },
];

/** One worker, so that its bursts are as the experiment says: several begin apart. */
function experimentOf({ name, rule, burst }: Comparison): string {
  const { requests, everySeconds, withinSeconds } = burst;
  return `
name: ${name}
function:
  url: local
  backend: none
  concurrency: 1
  autoscale: {${rule}, startSeconds: ${START_SECONDS}}
request: {video: sample}
load:
  arrivals: {ratePerSecond: ${requests / everySeconds}, process: "bursts:${requests}/${everySeconds}/${withinSeconds}"}
  durationSeconds: ${BURSTS * everySeconds + withinSeconds + 1}
  repetitions: 1
jmeter: {localWorkers: 1}
`;
}

function slbench(...args: readonly string[]): string {
  const program = fileURLToPath(new URL("../bin/slbench.mjs", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [program, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`slbench ${args[0]} ended with ${status}`);
  return stdout;
}

/** The result folder of an experiment: an earlier one if there is one. */
function measure(folder: string, name: string, yaml: string): string {
  const find = () => readdirSync(folder).find((entry) => entry.startsWith(`${name}-2`));
  if (find() === undefined) {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, yaml);
    slbench("run", file, "--out", folder);
  }
  return join(folder, find() ?? "");
}

interface Figures {
  readonly p95: number;
  readonly cold: number;
}

function figuresOf(result: string): Figures {
  const summary = JSON.parse(readFileSync(join(result, "summary.json"), "utf8"));
  const [cell] = summary.cells;
  return { p95: cell.roundTripSeconds.p95, cold: cell.coldStarts / cell.requests.successful };
}

const [folder = mkdtempSync(join(tmpdir(), "slbench-bursts-"))] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const train = measure(folder, "train", TRAIN);
const rows = COMPARISONS.flatMap((comparison) => {
  const { requests, everySeconds, withinSeconds } = comparison.burst;
  const measured = figuresOf(measure(folder, comparison.name, experimentOf(comparison)));
  const burst = `${requests}@${everySeconds}s/${withinSeconds}s`;
  const rule = `{${comparison.rule}}`;
  const answer = JSON.parse(
    slbench("model", train, "--autoscale", rule, "--concurrency", "1", "--burst", burst, "--json"),
  );
  const [predicted] = answer.platform.predictions;
  const row = (figure: string, from: number, to: number, { low, high }: { low: number; high: number }) => ({
    ...{ rule: comparison.name, figure, measured: from.toFixed(3), predicted: to.toFixed(3) },
    ...{ interval: `${low.toFixed(3)} … ${high.toFixed(3)}`, error: to / from - 1 },
  });
  return [
    row("p95, s", measured.p95, predicted.p95Seconds, predicted.p95Interval),
    row("cold starts", measured.cold, predicted.coldShare, predicted.coldShareInterval),
  ];
});
console.table(rows.map((row) => ({ ...row, error: `${(100 * row.error).toFixed(1)}%` })));
console.log(`Results: ${folder}`);
process.exitCode = rows.some(({ error }) => Math.abs(error) > MAX_ERROR) ? 1 : 0;
