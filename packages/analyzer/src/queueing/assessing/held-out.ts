import { type Interval, predict } from "../asking/predict.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { FailedCell, Observation } from "../fitting/observation.ts";

export interface HeldOutCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measuredSeconds: number;
  readonly predictedSeconds: number;
  /** 90 %, for what a run would show. */
  readonly interval: Interval;
  /** predicted ÷ measured − 1. */
  readonly errorRatio: number;
  readonly measuredSuccessRate: number;
  readonly predictedSuccessRate: number;
  readonly successRateInterval: Interval;
}

export interface HeldOut {
  /** Largest number of users in the fit that was checked. */
  readonly trainedUpToUsers: number;
  readonly cells: readonly HeldOutCell[];
  /** Median of the absolute errors; absent without held-out cells. */
  readonly medianErrorRatio?: number;
}

/** Predicts cells that the fit did not see; those in which every request failed are always among them. */
export function checkHeldOut(station: FittedStation, others: readonly (Observation | FailedCell)[]): HeldOut {
  const trainedUpToUsers = Math.max(...station.observations.map((seen) => seen.users));
  const cells = predict(others, station.prediction).map((predicted, index) => {
    const seen = others[index] as Observation | FailedCell;
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
