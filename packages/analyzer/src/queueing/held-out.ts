import { chooseVariant } from "./choose-variant.ts";
import { fitVariation } from "./fit-variation.ts";
import type { Observation } from "./observation.ts";
import { predictCell } from "./predict-cell.ts";

export interface HeldOutCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly measuredSeconds: number;
  readonly predictedSeconds: number;
  /** predicted ÷ measured − 1. */
  readonly errorRatio: number;
  readonly measuredSuccessRate: number;
  readonly predictedSuccessRate: number;
}

export interface HeldOut {
  /** Largest number of users in the fit that was checked. */
  readonly trainedUpToUsers: number;
  readonly cells: readonly HeldOutCell[];
  /** Median of the absolute errors; absent without held-out cells. */
  readonly medianErrorRatio?: number;
}

/** Predicts cells that the fit did not see. */
export function checkHeldOut(
  training: readonly Observation[],
  others: readonly Observation[],
  limitSeconds: number,
): HeldOut {
  const trainedUpToUsers = Math.max(...training.map((seen) => seen.users));
  if (training.length < 2 || others.length === 0) return { trainedUpToUsers, cells: [] };
  const parameters = fitVariation(chooseVariant(training).fit, training);
  const cells = others.map((seen) => {
    const predicted = predictCell(parameters, seen.users, seen.thinkTimeSeconds, limitSeconds);
    return {
      users: seen.users,
      thinkTimeSeconds: seen.thinkTimeSeconds,
      measuredSeconds: seen.meanRoundTripSeconds,
      predictedSeconds: predicted.meanRoundTripSeconds,
      errorRatio: predicted.meanRoundTripSeconds / seen.meanRoundTripSeconds - 1,
      measuredSuccessRate: seen.successRate,
      predictedSuccessRate: predicted.successRate,
    };
  });
  const errors = cells.map((cell) => Math.abs(cell.errorRatio)).sort((a, b) => a - b);
  const middle = (errors.length - 1) / 2;
  const medianErrorRatio =
    ((errors[Math.floor(middle)] as number) + (errors[Math.ceil(middle)] as number)) / 2;
  return { trainedUpToUsers, cells, medianErrorRatio };
}
