import { type OpenPrediction, predictOpen, type QueueingModel } from "../src/queueing/index.ts";
import { average } from "../src/queueing/numeric/average.ts";
import { mostPerSecond } from "../src/queueing/station/parameters.ts";
import type { ModelHost } from "./model-hosts.ts";
import { openRuns, type RunFigures } from "./model-runs.ts";
import { mixSeed } from "./seeds.ts";
import { shareWithin } from "./share-within.ts";

/** Arrivals, as shares of what the host can serve. */
export const OPEN_LOADS = [0.5, 0.8, 1.2] as const;
/** How long requests arrive. */
export const OPEN_SECONDS = 300;

/** How an open loop was predicted that the fit did not see. */
export interface OpenJudgement {
  /** Of OPEN_LOADS. */
  readonly load: number;
  readonly errorRatio: number;
  readonly successError: number;
  /** Share of new runs within the 95% interval of the mean. */
  readonly meanCoverage: number;
  /** Error of the steady state without a time limit; absent if there is none. */
  readonly steadyErrorRatio?: number;
}

/** What open loops on a host truly show. */
export interface OpenTruth {
  readonly load: number;
  readonly arrivalsPerSecond: number;
  readonly runs: readonly RunFigures[];
}

export function findOpenTruths(host: ModelHost, runs: number, seed: number): readonly OpenTruth[] {
  return OPEN_LOADS.map((load, index) => {
    const arrivalsPerSecond = load * mostPerSecond(host.parameters);
    const open = { arrivalsPerSecond, seconds: OPEN_SECONDS };
    return { load, arrivalsPerSecond, runs: openRuns(host, open, runs, mixSeed(seed, index)) };
  });
}

export function judgeOpenLoops(
  { prediction }: QueueingModel,
  truths: readonly OpenTruth[],
): readonly OpenJudgement[] {
  const rates = truths.map(({ arrivalsPerSecond }) => arrivalsPerSecond);
  const predictions = predictOpen({ rates, seconds: OPEN_SECONDS }, prediction);
  return truths.map(({ load, runs }, index) => {
    const predicted = predictions[index] as OpenPrediction;
    const mean = average(runs.map((run) => run.mean));
    const { meanUncutSeconds } = predicted;
    return {
      load,
      errorRatio: Math.abs(predicted.meanRoundTripSeconds / mean - 1),
      successError: Math.abs(predicted.successRate - average(runs.map((run) => run.success))),
      meanCoverage: shareWithin(predicted.interval, runs, "mean"),
      ...(meanUncutSeconds !== undefined && { steadyErrorRatio: Math.abs(meanUncutSeconds / mean - 1) }),
    };
  });
}
