import { type OpenPrediction, predictOpen, type QueueingModel } from "../src/queueing/index.ts";
import { average } from "../src/queueing/numeric/average.ts";
import { mostPerSecond } from "../src/queueing/station/parameters.ts";
import type { ModelHost } from "./model-hosts.ts";
import { type OpenArrivals, type OpenRunFigures, openRuns } from "./model-runs.ts";
import { mixSeed } from "./seeds.ts";
import { shareWithin } from "./share-within.ts";

/** How requests arrive in an open loop. */
export interface OpenLoad {
  /** Arrivals ÷ what the host can serve. */
  readonly share: number;
  /** Most of them in a burst every minute, within a second; the others at random. */
  readonly hasBursts: boolean;
}

export const OPEN_LOADS: readonly OpenLoad[] = [
  { share: 0.5, hasBursts: false },
  { share: 0.8, hasBursts: false },
  { share: 1.2, hasBursts: false },
  { share: 0.5, hasBursts: true },
];
/** How long requests arrive. */
export const OPEN_SECONDS = 300;
const BURST_EVERY_SECONDS = 60;
/** Of all arrivals. */
const BURST_SHARE = 0.6;

/** How an open loop was predicted that the fit did not see. */
export interface OpenJudgement {
  /** Index of OPEN_LOADS. */
  readonly load: number;
  /** Of the mean. */
  readonly errorRatio: number;
  readonly p95ErrorRatio: number;
  readonly successError: number;
  /** Share of new runs within the 95% interval of the mean. */
  readonly meanCoverage: number;
  /** Error of the steady state without a time limit; absent if there is none. */
  readonly steadyErrorRatio?: number;
}

/** What open loops on a host truly show. */
export interface OpenTruth {
  readonly arrivals: OpenArrivals;
  readonly runs: readonly OpenRunFigures[];
}

export function findOpenTruths(host: ModelHost, runs: number, seed: number): readonly OpenTruth[] {
  return OPEN_LOADS.map((load, index) => {
    const arrivals = arrivalsOf(load, mostPerSecond(host.parameters));
    return { arrivals, runs: openRuns(host, arrivals, runs, mixSeed(seed, index)) };
  });
}

function arrivalsOf({ share, hasBursts }: OpenLoad, capacityPerSecond: number): OpenArrivals {
  const arrivalsPerSecond = share * capacityPerSecond;
  const requests = Math.max(1, Math.floor(BURST_SHARE * arrivalsPerSecond * BURST_EVERY_SECONDS));
  const process = hasBursts ? (`bursts:${requests}/${BURST_EVERY_SECONDS}/1` as const) : "poisson";
  return { arrivalsPerSecond, process, seconds: OPEN_SECONDS };
}

export function judgeOpenLoops(
  { prediction }: QueueingModel,
  truths: readonly OpenTruth[],
): readonly OpenJudgement[] {
  return truths.map(({ arrivals: { arrivalsPerSecond, ...arrivals }, runs }, load) => {
    const loops = { rates: [arrivalsPerSecond], ...arrivals };
    const [predicted] = predictOpen(loops, prediction) as readonly [OpenPrediction];
    const mean = average(runs.map((run) => run.mean));
    const p95 = average(runs.map((run) => run.p95));
    const { meanUncutSeconds, percentiles } = predicted;
    const predictedP95 = percentiles.find(({ name }) => name === "p95")?.seconds as number;
    return {
      load,
      errorRatio: Math.abs(predicted.meanRoundTripSeconds / mean - 1),
      p95ErrorRatio: Math.abs(predictedP95 / p95 - 1),
      successError: Math.abs(predicted.successRate - average(runs.map((run) => run.success))),
      meanCoverage: shareWithin(predicted.interval, runs, "mean"),
      ...(meanUncutSeconds !== undefined && { steadyErrorRatio: Math.abs(meanUncutSeconds / mean - 1) }),
    };
  });
}
