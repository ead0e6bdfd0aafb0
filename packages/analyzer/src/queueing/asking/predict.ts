import type { Condition } from "../../core/condition.ts";
import type { Interval } from "../../stats/interval.ts";
import { drawOtherSuccess } from "../fitting/other-failures.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { StationDraw } from "../fitting/variant.ts";
import { average } from "../numeric/average.ts";
import { type RunPlan, type SimulatedRun, simulateRun } from "../station/run.ts";
import {
  drawSlowdown,
  figuresOf,
  type PercentilePrediction,
  type PredictedRuns,
  predictFigure,
  predictPercentiles,
  predictRuns,
  type RunFigures,
} from "./run-figures.ts";
import { logSteadyRoundTrip } from "./steady-means.ts";

export type { Condition };

/** What a run of a condition shows on average, with 95% intervals for the result of one run. */
export interface Prediction extends Condition {
  /** As clients see it: timed-out requests count with the limit. */
  readonly meanRoundTripSeconds: number;
  readonly interval: Interval;
  /** Without a time limit, in steady state if that differs. */
  readonly meanUncutSeconds: number;
  readonly meanUncutInterval: Interval;
  /** Standard deviation of one round trip, as clients see it. */
  readonly stdevSeconds: number;
  readonly successRate: number;
  readonly successRateInterval: Interval;
  /** Successful requests per second. */
  readonly throughputPerSecond: number;
  readonly throughputInterval: Interval;
  /** Round trips that half, 95% and 99% of the requests do not exceed; timed-out requests count with the limit. */
  readonly percentiles: readonly PercentilePrediction[];
  /**
   * Share of the plausible hosts whose runs come to about these figures (CLOSE) on average. What they disagree about
   * makes it smaller, and so does the run-to-run error, which is also what the model misses. Which requests meet does not.
   */
  readonly agreement: number;
  /** If requests are of two classes: the mean round trip of each that is in the mix. */
  readonly classes?: readonly {
    readonly name: "fast" | "slow";
    readonly meanRoundTripSeconds: number;
    readonly interval: Interval;
  }[];
  /** Shares of requests within the given thresholds. */
  readonly within?: readonly {
    readonly seconds: number;
    readonly ratio: number;
    readonly interval: Interval;
  }[];
}

/** Figures this close to each other are about the same: as a share of the mean, and as a difference of success rates. */
export const CLOSE = { meanRatio: 0.1, successRate: 0.1 } as const;

/** Of the agreement: plausible hosts that are asked, and runs of each: as many as hold so many requests together. */
const AGREEMENT = { hosts: 40, requests: 2500, mostRuns: 4 } as const;
/** Seeds of a host's further runs lie beyond those of all draws. */
const SEED_STEP = 1_000_000;

/** Simulated requests per prediction: about 10 ms. */
const MAX_REQUESTS = 40_000;
/** Fewer runs show no interval. */
const MIN_RUNS = 40;

/**
 * Predicts conditions in the order given, by simulating the run of each with many plausible stations.
 * @param thresholdsSeconds thresholds for `within`
 *
 * @example
 * ```ts
 * const clients = (users: number, seconds: number) =>
 *   Array.from({ length: users }, (_, client) => ({
 *     roundTripSeconds: Array.from({ length: 30 }, (_, n) => seconds * (1 + 0.02 * ((n + client) % 5))),
 *     successfulRequests: 30,
 *   }));
 * const cells = [[1, 0.5], [2, 0.6], [4, 1.2], [8, 2.4]].map(([users = 1, seconds = 1]) => ({
 *   ...{ users, thinkTimeSeconds: 0, clients: clients(users, seconds) },
 * }));
 * const model = fitModel(cells, { limitSeconds: 25, seed: 1, replications: 5 });
 * predict([{ users: 16, thinkTimeSeconds: 0 }], model.prediction)[0]?.meanRoundTripSeconds.toFixed(1); // "5.1"
 * ```
 */
export function predict(
  conditions: readonly Condition[],
  input: PredictionInput,
  thresholdsSeconds: readonly number[] = [],
): readonly Prediction[] {
  return conditions.map((condition) => predictOne(condition, input, thresholdsSeconds));
}

interface ClosedRunFigures extends RunFigures {
  readonly uncutMean: number;
  readonly throughput: number;
  readonly within: readonly number[];
  readonly classSeconds?: SimulatedRun["classSeconds"];
}

function predictOne(
  condition: Condition,
  input: PredictionInput,
  thresholdsSeconds: readonly number[],
): Prediction {
  const { users } = condition;
  const requests = users * Math.max(1, input.plan.requestsPerUser);
  const count = Math.min(input.draws.length, Math.max(MIN_RUNS, Math.floor(MAX_REQUESTS / requests)));
  const simulateAll = (draws: readonly StationDraw[]) =>
    draws.slice(0, count).map((draw, index) => simulateOne(condition, draw, index, input, thresholdsSeconds));
  const runs = predictRuns(input, simulateAll);
  const figure = (of: (run: ClosedRunFigures) => number) => predictFigure(runs, of);
  const mean = figure((run) => run.mean);
  const uncut = figure((run) => run.uncutMean);
  const success = figure((run) => run.success);
  const throughput = figure((run) => run.throughput);
  let agreement: number | undefined;
  return {
    ...condition,
    meanRoundTripSeconds: mean.value,
    interval: mean.interval,
    meanUncutSeconds: uncut.value,
    meanUncutInterval: uncut.interval,
    stdevSeconds: figure((run) => run.stdev).value,
    successRate: success.value,
    successRateInterval: success.interval,
    throughputPerSecond: throughput.value,
    throughputInterval: throughput.interval,
    percentiles: predictPercentiles(runs),
    // Computed on first read: few callers need it, and its further runs take longer than everything else here.
    get agreement() {
      agreement ??= findAgreement(condition, input, runs.plausible, mean.value, success.value);
      return agreement;
    },
    ...predictClasses(runs),
    ...(thresholdsSeconds.length > 0 && {
      within: thresholdsSeconds.map((seconds, index) => {
        const { value, interval } = figure((run) => run.within[index] as number);
        return { seconds, ratio: value, interval };
      }),
    }),
  };
}

/** @param first the first run of each plausible host */
function findAgreement(
  condition: Condition,
  input: PredictionInput,
  first: readonly RunFigures[],
  mean: number,
  success: number,
): number {
  const requests = condition.users * Math.max(1, input.plan.requestsPerUser);
  const count = Math.min(AGREEMENT.mostRuns, Math.ceil(AGREEMENT.requests / requests));
  const isClose = first.slice(0, AGREEMENT.hosts).map((run, index) => {
    const draw = input.plausible[index] as StationDraw;
    const runs = [run];
    for (let more = 1; more < count; more++) runs.push(simulateOne(condition, draw, index, input, [], more));
    const ratio = average(runs.map((one) => one.mean)) / mean;
    const difference = average(runs.map((one) => one.success)) - success;
    return Math.abs(ratio - 1) <= CLOSE.meanRatio && Math.abs(difference) <= CLOSE.successRate;
  });
  return average(isClose.map(Number));
}

/** The classes that some run has; in a short run, a rare class may be missing. */
function predictClasses(runs: PredictedRuns<ClosedRunFigures>): Pick<Prediction, "classes"> {
  if (runs.claimed.every(({ classSeconds }) => classSeconds === undefined)) return {};
  const classes = (["fast", "slow"] as const).flatMap((name, index) => {
    const secondsOf = ({ classSeconds }: ClosedRunFigures) => classSeconds?.[index] ?? Number.NaN;
    const having = (all: readonly ClosedRunFigures[]) => all.filter((run) => !Number.isNaN(secondsOf(run)));
    const own = { claimed: having(runs.claimed), plausible: having(runs.plausible) };
    if (own.claimed.length === 0 || own.plausible.length === 0) return [];
    const { value, interval } = predictFigure(own, secondsOf);
    return [{ name, meanRoundTripSeconds: value, interval }];
  });
  return { classes };
}

/**
 * Runs that were simulated already, by the plan and all else that a run depends on: the checks of a fit and its report
 * ask about the same loads, and many of the claimed stations are among the plausible ones.
 */
const known = new WeakMap<RunPlan, Map<string, ClosedRunFigures>>();

/**
 * Simulates one run, once. The same index draws the same run, so that conditions differ by their load only.
 * @param more how many runs of the host went before; all are equally slow
 */
function simulateOne(
  { users, thinkTimeSeconds }: Condition,
  { parameters, runErrorRatio, timeoutBehaviour }: StationDraw,
  index: number,
  input: PredictionInput,
  thresholdsSeconds: readonly number[],
  more = 0,
): ClosedRunFigures {
  const runs = known.get(input.plan) ?? new Map<string, ClosedRunFigures>();
  known.set(input.plan, runs);
  const condition = { users, thinkTimeSeconds };
  const draw = { parameters, runErrorRatio, timeoutBehaviour };
  const key = JSON.stringify([
    condition,
    draw,
    index,
    input.limitSeconds,
    input.seed,
    thresholdsSeconds,
    more,
  ]);
  const run = runs.get(key) ?? simulateAnew(condition, draw, index, input, thresholdsSeconds, more);
  runs.set(key, run);
  return run;
}

function simulateAnew(
  { users, thinkTimeSeconds }: Condition,
  { parameters, runErrorRatio, timeoutBehaviour }: StationDraw,
  index: number,
  { plan, limitSeconds, otherFailures, seed }: PredictionInput,
  thresholdsSeconds: readonly number[],
  more: number,
): ClosedRunFigures {
  const own = seed + index;
  const runSeed = own + more * SEED_STEP;
  const slowdown = drawSlowdown(runErrorRatio, own);
  const run = simulateRun(parameters, plan, {
    ...{ users, thinkTimeSeconds, timeoutBehaviour, limitSeconds, slowdown },
    seed: runSeed,
  });
  const success = run.successRate * drawOtherSuccess(otherFailures, run.roundTripSeconds.length, runSeed);
  const steady = () => slowdown * Math.exp(logSteadyRoundTrip(parameters, { users, thinkTimeSeconds }));
  return {
    ...figuresOf(run),
    success,
    ...(run.classSeconds !== undefined && { classSeconds: run.classSeconds }),
    uncutMean: run.successRate < 1 ? steady() : run.meanSeconds,
    throughput: (users * success) / (run.meanSeconds + thinkTimeSeconds),
    within: thresholdsSeconds.map((seconds) =>
      shareWithin(run, Math.min(seconds, limitSeconds), limitSeconds),
    ),
  };
}

/** A timed-out request is within no threshold, not even one beyond the limit. */
function shareWithin(
  { roundTripSeconds, successRate }: SimulatedRun,
  seconds: number,
  limit: number,
): number {
  if (seconds >= limit) return successRate;
  let count = 0;
  for (const one of roundTripSeconds) if (one <= seconds) count++;
  return count / roundTripSeconds.length;
}
