import { countHits } from "../src/stats/count-hits.ts";
import { cutBlocks } from "../src/stats/cut-blocks.ts";
import { figureWithScope } from "../src/stats/figure-with-scope.ts";
import type { Interval } from "../src/stats/interval.ts";
import { judgeMean } from "../src/stats/judge-mean.ts";
import { judgeQuantile } from "../src/stats/judge-quantile.ts";
import { judgeShare } from "../src/stats/judge-share.ts";
import { proportionInterval } from "../src/stats/proportion-interval.ts";
import { quantileWithScope } from "../src/stats/quantile-with-scope.ts";
import type { RunDeviation } from "../src/stats/run-deviation.ts";
import { toRunMean, toRunRate } from "../src/stats/run-figure.ts";
import type { SteadyRun } from "./host.ts";
import type { Tally } from "./tally.ts";
import { QUANTILE_NAMES, QUANTILES, type Truth } from "./truth.ts";

/** Whether the interval contains the true figure; undefined without an interval. */
function holds(interval: Interval | undefined, truth: number): boolean | undefined {
  return interval && interval.low <= truth && truth <= interval.high;
}

const roundTrips = (runs: readonly SteadyRun[]) => runs.map((run) => run.roundTripSeconds);

export const runMeans = (runs: readonly SteadyRun[]) =>
  roundTrips(runs).flatMap((run) => toRunMean(run) ?? []);

/** Counts the interval of the mean. @param kind names the group of runs: `3 runs` */
export function countMean(
  tally: Tally,
  kind: string,
  runs: readonly SteadyRun[],
  truth: number,
  pooled?: RunDeviation,
): void {
  tally.add(`mean, ${kind}`, holds(figureWithScope(runMeans(runs), { pooled })?.interval, truth));
}

/** Counts the interval of the throughput, successful responses per second. */
export function countThroughput(tally: Tally, kind: string, runs: readonly SteadyRun[], truth: number): void {
  const rates = runs.flatMap(({ arrivalSeconds, isSuccessful, seconds }) => {
    const events = arrivalSeconds.filter((_, index) => isSuccessful[index] === 1);
    return toRunRate(events, seconds) ?? [];
  });
  tally.add(`throughput, ${kind}`, holds(figureWithScope(rates)?.interval, truth));
}

/** Counts the intervals of the success rate and of the quantiles. */
export function countShares(tally: Tally, kind: string, runs: readonly SteadyRun[], truth: Truth): void {
  // A rate of exactly 1 cannot be missed on its upper side.
  if (truth.success < 1)
    tally.add(`success, ${kind}`, holds(proportionInterval(successes(runs)), truth.success));
  for (const name of QUANTILE_NAMES) {
    const { interval } = quantileWithScope(roundTrips(runs), QUANTILES[name]) ?? {};
    tally.add(`${name}, ${kind}`, holds(interval, truth.quantiles[name]));
  }
}

/** A goal off the true figure by this factor should be decided. */
const EASY = 1.2;

/** Counts verdicts on goals: wrong ones for a limit at the true figure, right ones for a limit far from it. */
export function countGoals(tally: Tally, kind: string, runs: readonly SteadyRun[], truth: Truth): void {
  // A p95 that lies among requests cut off at the time limit is not one of response times: it has no true figure.
  if (truth.success > QUANTILES.p95) countQuantileGoals(tally, kind, runs, truth);
  const onMean = judgeMean(roundTrips(runs), truth.mean).verdict;
  tally.add(`mean goal passes at its limit, ${kind}`, onMean === "passes");
  tally.add(`mean goal fails at its limit, ${kind}`, onMean === "fails");
  if (!(truth.success < 1)) return;
  const onSuccess = judgeShare(successes(runs), truth.success).verdict;
  tally.add(`success goal passes at its limit, ${kind}`, onSuccess === "passes");
  tally.add(`success goal fails at its limit, ${kind}`, onSuccess === "fails");
}

function countQuantileGoals(tally: Tally, kind: string, runs: readonly SteadyRun[], truth: Truth): void {
  const { p95 } = truth.quantiles;
  const onTime = (limitSeconds: number) =>
    judgeQuantile(roundTrips(runs), QUANTILES.p95, limitSeconds).verdict;
  const atLimit = onTime(p95);
  tally.add(`p95 goal passes at its limit, ${kind}`, atLimit === "passes");
  tally.add(`p95 goal fails at its limit, ${kind}`, atLimit === "fails");
  tally.add(`p95 goal passes with 20% to spare, ${kind}`, onTime(EASY * p95) === "passes");
  tally.add(`p95 goal fails if missed by 20%, ${kind}`, onTime(p95 / EASY) === "fails");
}

const successes = (runs: readonly SteadyRun[]) =>
  countHits(cutBlocks(runs.map((run) => run.isSuccessful)).blocks, (value) => value === 1);
