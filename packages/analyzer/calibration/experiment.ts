import { findChange } from "../src/stats/change-point.ts";
import { runDeviation } from "../src/stats/run-deviation.ts";
import { countComparisons, countShareComparisons } from "./comparisons.ts";
import { type Scenario, type SteadyRun, simulateRun } from "./host.ts";
import { countGoals, countMean, countShares, countThroughput, runMeans } from "./intervals.ts";
import { mixSeed } from "./seeds.ts";
import type { Tally } from "./tally.ts";
import type { Truth } from "./truth.ts";

/** True figures of a scenario: over runs that differ in speed, and over runs at the host's usual speed. */
export interface Truths {
  readonly overRuns: Truth;
  readonly ofOneRun: Truth;
}

/** Runs of the scenario's condition: enough for two results of five. */
const RUNS = 10;
/** Runs at the host's usual speed, for the claims within one run. */
const RUNS_ALONE = 2;
/** Numbers of users in the experiment's other conditions, as shares of the scenario's. */
const OTHER_LOADS = [0.5, 0.75, 1.5];
const OTHER_RUNS = 3;

/** Simulates one experiment and counts which claims hold. @param truths undefined if no users meet */
export function countExperiment(
  tally: Tally,
  scenario: Scenario,
  truths: Truths | undefined,
  seed: number,
): void {
  const runsOf = (of: Scenario, count: number, part: number): readonly SteadyRun[] =>
    Array.from({ length: count }, (_, run) => simulateRun(of, { seed: mixSeed(seed, part, run) }));
  const runs = runsOf(scenario, RUNS, 1);
  const others = OTHER_LOADS.map((share, index) => {
    const users = Math.max(1, Math.round(scenario.users * share)) + (scenario.users === 1 ? index : 0);
    return runMeans(runsOf({ ...scenario, users }, OTHER_RUNS, 3 + index));
  });
  const pooled = runDeviation(others);
  const { overRuns, ofOneRun } = truths ?? { overRuns: NO_TRUTH, ofOneRun: NO_TRUTH };

  // The same runs form groups of three and groups of five: more counts from the same simulations.
  for (const count of [3, 5])
    for (const group of groups(runs, count)) countFigures(tally, `${count} runs`, group, overRuns);
  for (const pair of groups(runs, 2)) countGoals(tally, "2 runs", pair, overRuns);
  countMean(tally, "2 runs alone", runs.slice(0, 2), overRuns.mean);
  countMean(tally, "2 runs, others repeated", runs.slice(0, 2), overRuns.mean, pooled);
  countMean(tally, "1 run, others repeated", runs.slice(2, 3), overRuns.mean, pooled);
  for (let run = 0; run < RUNS_ALONE; run++) {
    const alone = simulateRun(scenario, { seed: mixSeed(seed, 2, run), speed: 1 });
    countFigures(tally, "within 1 run", [alone], ofOneRun);
    const { users } = scenario;
    tally.add("false alarm", findChange(alone.roundTripSeconds, { users }) !== undefined);
  }

  const sides = (count: number) =>
    [runMeans(runs.slice(0, count)), runMeans(runs.slice(count, 2 * count))] as const;
  countComparisons(tally, "1 + 1 runs", ...sides(1));
  countComparisons(tally, "1 + 1 runs, others repeated", ...sides(1), pooled);
  countComparisons(tally, "3 + 3 runs", ...sides(3));
  countComparisons(tally, "5 + 5 runs", ...sides(5));
  for (const count of [3, 5]) {
    const [before, after] = [runs.slice(0, count), runs.slice(count, 2 * count)] as const;
    countShareComparisons(
      tally,
      `${count} + ${count} runs`,
      before,
      after,
      overRuns,
      mixSeed(seed, 9, count),
    );
  }
}

/** Counts all intervals and verdicts of a group of runs. */
function countFigures(tally: Tally, kind: string, runs: readonly SteadyRun[], truth: Truth): void {
  countMean(tally, kind, runs, truth.mean);
  countThroughput(tally, kind, runs, truth.throughput);
  countShares(tally, kind, runs, truth);
  countGoals(tally, kind, runs, truth);
}

/** Groups of `count` consecutive runs; what is left over is not used. */
function groups(runs: readonly SteadyRun[], count: number): readonly (readonly SteadyRun[])[] {
  return Array.from({ length: Math.floor(runs.length / count) }, (_, index) =>
    runs.slice(index * count, (index + 1) * count),
  );
}

/** A scenario whose users never meet has no true figures, so any interval of it would miss. */
const NO_TRUTH: Truth = {
  mean: Number.NaN,
  throughput: Number.NaN,
  success: Number.NaN,
  quantiles: { p50: Number.NaN, p95: Number.NaN, p99: Number.NaN },
};
