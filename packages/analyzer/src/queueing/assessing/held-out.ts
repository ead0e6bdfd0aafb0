import type { Interval } from "../../stats/interval.ts";
import { type Prediction, predict } from "../asking/predict.ts";
import { predictionAtUnits } from "../asking/sizes.ts";
import { seenByClass } from "../fitting/classes.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { FailedCell } from "../fitting/observation.ts";
import type { PreparedCell } from "../fitting/prepare-cell.ts";

export interface HeldOutCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measuredSeconds: number;
  readonly predictedSeconds: number;
  /** 95%, for the result of one run. */
  readonly interval: Interval;
  /** predicted ÷ measured − 1. */
  readonly errorRatio: number;
  readonly measuredSuccessRate: number;
  readonly predictedSuccessRate: number;
  readonly successRateInterval: Interval;
}

export interface HeldOut {
  /** Largest number of users in the training cells. */
  readonly trainedUpToUsers: number;
  readonly cells: readonly HeldOutCell[];
  /** Median of the absolute errors; absent without held-out cells. */
  readonly medianErrorRatio?: number;
}

/** Predicts cells that were not used for the fit, always including those in which every request failed. */
export function checkHeldOut(
  station: FittedStation,
  others: readonly PreparedCell[],
  failed: readonly FailedCell[],
): HeldOut {
  const trainedUpToUsers = Math.max(...station.observations.map((seen) => seen.users));
  const observed = others.flatMap((cell) => seenByClass(cell, station.classes) ?? []);
  const cells = [...observed, ...failed].map((seen) => {
    const units = "meanUnits" in seen ? seen.meanUnits : undefined;
    const input = predictionAtUnits(station.prediction, units);
    const [predicted] = predict([seen], input) as [Prediction];
    return {
      users: seen.users,
      thinkTimeSeconds: seen.thinkTimeSeconds,
      measuredSeconds: seen.meanRoundTripSeconds,
      predictedSeconds: predicted.meanRoundTripSeconds,
      interval: predicted.interval,
      errorRatio: predicted.meanRoundTripSeconds / seen.meanRoundTripSeconds - 1,
      measuredSuccessRate: "successRate" in seen ? seen.successRate : 0,
      predictedSuccessRate: predicted.successRate,
      successRateInterval: predicted.successRateInterval,
    };
  });
  if (cells.length === 0) return { trainedUpToUsers, cells };
  const errors = cells.map((cell) => Math.abs(cell.errorRatio)).sort((a, b) => a - b);
  const middle = (errors.length - 1) / 2;
  const medianErrorRatio =
    ((errors[Math.floor(middle)] as number) + (errors[Math.ceil(middle)] as number)) / 2;
  return { trainedUpToUsers, cells, medianErrorRatio };
}
