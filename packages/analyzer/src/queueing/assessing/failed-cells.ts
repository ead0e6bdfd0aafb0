import { formatPercent, formatUsers } from "../../core/format.ts";
import { predict } from "../asking/predict.ts";
import type { FailedCell } from "../fitting/observation.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import type { Caveat } from "./verdict.ts";

/** A predicted success rate above this contradicts a cell without any success. */
const MAX_SUCCESS = 0.1;

/** Checks a model against cells in which every request failed. */
export function checkFailedCells(failed: readonly FailedCell[], input: PredictionInput): readonly Caveat[] {
  return predict(failed, input).map(({ successRate }, index) => {
    const { users, thinkTimeSeconds, requests, meanRoundTripSeconds } = failed[index] as FailedCell;
    const found = `No request of ${formatUsers(users)} with think time ${thinkTimeSeconds} s succeeded (${requests} failed after ${meanRoundTripSeconds.toFixed(1)} s on average)`;
    return successRate > MAX_SUCCESS
      ? {
          level: "do not trust",
          reason: `${found}, but the model predicts ${formatPercent(successRate)} success. Find out why they failed, and measure that cell again.`,
        }
      : { level: "note", reason: `${found}; the model, fitted without them, predicts the same.` };
  });
}
