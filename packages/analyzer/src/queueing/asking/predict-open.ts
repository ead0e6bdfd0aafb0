import { type ArrivalProcess, parseBursts } from "@slbench/client/condition";
import { formatSeconds } from "../../core/format.ts";
import type { Interval } from "../../stats/interval.ts";
import { median } from "../../stats/median.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import { drawOtherSuccess } from "../fitting/other-failures.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { StationDraw } from "../fitting/variant.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import { openResponseSeconds } from "../station/open-queue.ts";
import { simulateOpenRun } from "../station/open-run.ts";
import { type ModelParameters, mostPerSecond, serviceRate } from "../station/parameters.ts";
import type { OpenLoops } from "./questions.ts";
import {
  drawSlowdown,
  figuresOf,
  type PercentilePrediction,
  predictFigure,
  predictPercentiles,
  predictRuns,
  type RunFigures,
} from "./run-figures.ts";

/**
 * What a typical run of an open loop shows, with 95% intervals: requests arrive regardless of responses.
 * Figures are medians over runs: near capacity, a few runs with long queues would decide an average.
 */
export interface OpenPrediction {
  readonly arrivalsPerSecond: number;
  readonly process: ArrivalProcess;
  /** For how long requests arrive in the predicted run. */
  readonly seconds: number;
  /** λ ÷ maximum throughput; from 1 on the queue grows for as long as the run lasts. */
  readonly utilization: number;
  /** 95%. */
  readonly utilizationInterval: Interval;
  /** As clients see it: timed-out requests count with the limit. */
  readonly meanRoundTripSeconds: number;
  readonly interval: Interval;
  readonly successRate: number;
  readonly successRateInterval: Interval;
  /** Timed-out requests count with the limit. */
  readonly percentiles: readonly PercentilePrediction[];
  /** Of Poisson arrivals in steady state without a time limit; absent if the queue grows without bound. */
  readonly meanUncutSeconds?: number;
}

/** How long the predicted runs last, unless asked for. */
export const OPEN_RUN_SECONDS = 300;
/** Simulated requests per prediction: about 50 ms. */
const MAX_REQUESTS = 100_000;
/** Fewer runs show no interval. */
const MIN_RUNS = 40;
/** Longer runs are cut: with more arrivals their figures hardly change, unless the queue grows all the time. */
const MAX_RUN_REQUESTS = 20_000;

/**
 * Predicts open loops, by simulating the run of each with many plausible stations. Runs with more than 20,000 requests
 * are predicted as shorter ones.
 * @throws {SlbenchError} MODEL_BAD_QUESTION if the run ends before its first burst
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
 * predictOpen({ rates: [1] }, model.prediction)[0]?.arrivalsPerSecond; // 1
 * ```
 */
export function predictOpen(
  { rates, seconds: runSeconds = OPEN_RUN_SECONDS, process = "poisson" }: OpenLoops,
  input: PredictionInput,
): readonly OpenPrediction[] {
  return rates.map((arrivalsPerSecond) => {
    const seconds = Math.min(runSeconds, MAX_RUN_REQUESTS / arrivalsPerSecond);
    demandBurst(process, seconds);
    return predictOne({ arrivalsPerSecond, process, seconds }, input);
  });
}

function demandBurst(process: ArrivalProcess, seconds: number): void {
  const { everySeconds = 0 } = parseBursts(process) ?? {};
  if (everySeconds < seconds) return;
  throw new SlbenchError<QueueingErrorCode>(
    "MODEL_BAD_QUESTION",
    `the predicted run of ${formatSeconds(seconds)} ends before its first burst, which starts after ${formatSeconds(everySeconds)}`,
    {
      hint: `ask for a longer run of at most ${MAX_RUN_REQUESTS} requests: seconds=${10 * everySeconds}`,
      exitCode: 2,
    },
  );
}

type OpenRun = Pick<OpenPrediction, "arrivalsPerSecond" | "process" | "seconds">;

function predictOne(run: OpenRun, input: PredictionInput): OpenPrediction {
  const { arrivalsPerSecond, process, seconds } = run;
  const count = Math.max(MIN_RUNS, Math.floor(MAX_REQUESTS / (arrivalsPerSecond * seconds)));
  const runs = predictRuns(input, (draws) =>
    draws.slice(0, count).map((draw, index) => simulateOne(run, draw, input, input.seed + index)),
  );
  const mean = predictFigure(runs, (one) => one.mean, median);
  const success = predictFigure(runs, (one) => one.success, median);
  const busy = (parameters: ModelParameters) => arrivalsPerSecond / mostPerSecond(parameters);
  const utilization = busy(input.parameters);
  const uncut = process === "poisson" ? steadyMean(input.parameters, arrivalsPerSecond) : Number.NaN;
  return {
    ...run,
    utilization,
    utilizationInterval: drawInterval(
      input.plausible.map((draw) => busy(draw.parameters)),
      utilization,
    ),
    meanRoundTripSeconds: mean.value,
    interval: mean.interval,
    successRate: success.value,
    successRateInterval: success.interval,
    percentiles: predictPercentiles(runs, median),
    ...(Number.isFinite(uncut) && { meanUncutSeconds: uncut }),
  };
}

function simulateOne(
  run: OpenRun,
  { parameters, runErrorRatio, timeoutBehaviour }: StationDraw,
  { limitSeconds, otherFailures }: PredictionInput,
  seed: number,
): RunFigures {
  const simulated = simulateOpenRun(parameters, {
    ...run,
    ...{ limitSeconds, timeoutBehaviour, seed, slowdown: drawSlowdown(runErrorRatio, seed) },
  });
  const figures = figuresOf(simulated);
  const requests = simulated.roundTripSeconds.length;
  return { ...figures, success: figures.success * drawOtherSuccess(otherFailures, requests, seed) };
}

function steadyMean(parameters: ModelParameters, arrivalsPerSecond: number): number {
  const rate = (n: number) => serviceRate(parameters, n);
  return (
    parameters.delaySeconds + openResponseSeconds(arrivalsPerSecond, rate, Math.ceil(parameters.servers))
  );
}
