import { formatPercent, formatUsers } from "../../core/format.ts";
import { type PredictionInput, predict } from "../asking/predict.ts";
import type { FailedCell } from "../fitting/observation.ts";
import type { Doubt } from "./verdict.ts";

/** Where a model says that more requests are answered than this, a cell without any answer contradicts it. */
const MAX_SUCCESS = 0.1;

/** What cells in which every request failed say about a model that was fitted to the others. */
export function checkFailedCells(failed: readonly FailedCell[], input: PredictionInput): readonly Doubt[] {
  return predict(failed, input).map(({ successRate }, index) => {
    const { users, thinkTimeSeconds, requests, meanRoundTripSeconds } = failed[index] as FailedCell;
    const found = `No request of ${formatUsers(users)} with think time ${thinkTimeSeconds} s was answered (${requests} failed after ${meanRoundTripSeconds.toFixed(1)} s in the mean)`;
    return successRate > MAX_SUCCESS
      ? {
          level: "do not trust",
          reason: `${found}, where the model says ${formatPercent(successRate)}. Look for what made them fail, and measure that cell again.`,
        }
      : { level: "note", reason: `${found}; nothing was fitted to them, and the model says so too.` };
  });
}
