import { drawNormal } from "../../stats/draw-normal.ts";
import type { Interval } from "../../stats/interval.ts";
import { quantile } from "../../stats/quantile.ts";
import { createRandom } from "../../stats/random.ts";
import { drawOtherSuccess } from "../fitting/other-failures.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { GoalFigures } from "../goal.ts";
import { average } from "../numeric/average.ts";
import type { PlatformRequest, PlatformRun } from "../serverless/platform.ts";
import { type AutoscalerOptions, createAutoscaler, idleReplicas } from "../serverless/rules.ts";
import { simulatePlatform } from "../serverless/simulate-platform.ts";
import { asOneStation, type ModelParameters } from "../station/parameters.ts";
import { withTimesDemand } from "../station/sizes.ts";
import { type PlatformLoad, planLoad } from "./platform-loads.ts";
import { predictFigure } from "./run-figures.ts";
import type { StartTimes } from "./start-times.ts";

/** A rule and what it is applied to. */
export interface PlatformSetting {
  readonly rule: AutoscalerOptions;
  /** Requests that a replica takes at a time; 0 for no limit. */
  readonly concurrency: number;
}

export interface PlatformQuestion {
  /** How one replica follows from a plausible station. */
  readonly replicaOf: (station: ModelParameters) => ModelParameters;
  readonly startTimes: StartTimes;
  /** Standard error of the demand's coefficient of variation, as a share of it. */
  readonly variationError: number;
  /** Servers that all replicas share; Infinity: each has its own. */
  readonly hostServers: number;
  /** Thresholds for `within`. */
  readonly thresholdsSeconds: readonly number[];
}

/** What a run of a load shows on a platform on average, with 95% intervals for the result of one run. */
export interface PlatformPrediction extends GoalFigures, PlatformSetting {
  readonly load: PlatformLoad;
  readonly p95Seconds: number;
  readonly p95Interval: Interval;
  /** Share of the requests that waited for a replica to start. */
  readonly coldShare: number;
  readonly coldShareInterval: Interval;
  /** Time that replicas existed, starting and ending ones included, per request. */
  readonly replicaSecondsPerRequest: number;
  readonly replicaSecondsPerRequestInterval: Interval;
  /** Most at once in any run. */
  readonly maxReplicas: number;
}

/** Simulated requests per prediction. */
const MAX_REQUESTS = 30_000;
const MIN_RUNS = 30;
const MAX_RUNS = 100;
/** A rule decides at multiples of at most this; where a run begins between them is chance. */
const CLOCK_SECONDS = 60;

/** Predicts one load under one setting, by simulating its run with many plausible replicas. */
export function predictPlatform(
  load: PlatformLoad,
  setting: PlatformSetting,
  question: PlatformQuestion,
  input: PredictionInput,
): PlatformPrediction {
  const requests = requestsOf(load, input);
  const count = Math.min(MAX_RUNS, Math.max(MIN_RUNS, Math.floor(MAX_REQUESTS / requests)));
  const runs = Array.from({ length: Math.min(count, input.draws.length) }, (_, index) =>
    figuresOf(load, setting, question, input, index),
  );
  const figure = (of: (run: PlatformRunFigures) => number) =>
    predictFigure({ claimed: runs, plausible: runs }, of);
  const mean = figure((run) => run.mean);
  const success = figure((run) => run.success);
  const p95 = figure((run) => run.p95);
  const cold = figure((run) => run.cold);
  const replicas = figure((run) => run.replicas);
  return {
    ...setting,
    load,
    meanRoundTripSeconds: mean.value,
    interval: mean.interval,
    successRate: success.value,
    successRateInterval: success.interval,
    p95Seconds: p95.value,
    p95Interval: p95.interval,
    coldShare: cold.value,
    coldShareInterval: cold.interval,
    replicaSecondsPerRequest: replicas.value,
    replicaSecondsPerRequestInterval: replicas.interval,
    maxReplicas: Math.max(...runs.map((run) => run.maxReplicas)),
    within: question.thresholdsSeconds.map((seconds, index) => {
      const { value, interval } = figure((run) => run.within[index] as number);
      return { seconds, ratio: value, interval };
    }),
  };
}

function requestsOf(load: PlatformLoad, { plan, seed }: PredictionInput): number {
  const { startSeconds, requestsPerUser } = planLoad(load, plan, seed).senders;
  return startSeconds.length * requestsPerUser;
}

/** The figures of one simulated run. */
interface PlatformRunFigures {
  readonly mean: number;
  readonly p95: number;
  readonly success: number;
  readonly cold: number;
  readonly replicas: number;
  readonly maxReplicas: number;
  readonly within: readonly number[];
}

/** Simulates one run. The same index draws the same replica and requests, so that settings differ by their rule only. */
function figuresOf(
  load: PlatformLoad,
  { rule, concurrency }: PlatformSetting,
  question: PlatformQuestion,
  { draws, plan, limitSeconds, otherFailures, seed }: PredictionInput,
  index: number,
): PlatformRunFigures {
  const own = seed + index;
  const random = createRandom(~own);
  const draw = draws[index] as (typeof draws)[0];
  const { startTimes, hostServers, thresholdsSeconds } = question;
  const slowdown = Math.exp(draw.runErrorRatio * drawNormal(random));
  const replica = drawReplica(asOneStation(draw.parameters), question, slowdown, random);
  const { meanSeconds, variation } = startTimes.draw(random);
  const { senders, fromSeconds, untilSeconds } = planLoad(load, plan, own);
  const run = simulatePlatform(
    {
      ...{ replica, hostServers },
      concurrency: concurrency === 0 ? Number.POSITIVE_INFINITY : concurrency,
      startTime: { meanSeconds: slowdown * meanSeconds, variation },
      maxQueued: Number.POSITIVE_INFINITY,
      timeoutBehaviour: draw.timeoutBehaviour,
    },
    createAutoscaler(rule),
    {
      ...{ senders, fromSeconds, untilSeconds, limitSeconds, seed: own },
      initialReplicas: idleReplicas(rule),
      clockSeconds: CLOCK_SECONDS * random(),
    },
  );
  const figures = summarize(run, fromSeconds, thresholdsSeconds);
  return { ...figures, success: figures.success * drawOtherSuccess(otherFailures, run.requests.length, own) };
}

/** A plausible replica in a run in which it is slower by a factor. */
function drawReplica(
  station: ModelParameters,
  { replicaOf, variationError }: PlatformQuestion,
  slowdown: number,
  random: () => number,
): ModelParameters {
  const replica = withTimesDemand(replicaOf(station), slowdown);
  const factor = Math.max(0, 1 + variationError * drawNormal(random));
  return { ...replica, demandVariation: factor * replica.demandVariation };
}

function summarize(
  { requests, replicaSeconds, maxReplicas }: PlatformRun,
  fromSeconds: number,
  thresholdsSeconds: readonly number[],
): PlatformRunFigures {
  const measured = requests.filter(({ startSeconds }) => startSeconds >= fromSeconds);
  const seconds = Float64Array.from(measured, (one) => one.roundTripSeconds).sort();
  const share = (is: (one: PlatformRequest) => boolean) => measured.filter(is).length / measured.length;
  return {
    mean: average([...seconds]),
    p95: quantile(seconds, 0.95),
    success: share(({ successful }) => successful),
    cold: share(({ isCold }) => isCold),
    replicas: replicaSeconds / measured.length,
    maxReplicas,
    within: thresholdsSeconds.map((limit) =>
      share(({ successful, roundTripSeconds }) => successful && roundTripSeconds <= limit),
    ),
  };
}
