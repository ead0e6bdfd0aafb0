import { formatPercent, formatUsers } from "../core/format.ts";
import type { FailedCell } from "./observation.ts";
import { type PredictionInput, predict } from "./predict.ts";
import type { Doubt } from "./verdict.ts";

/** Where a model says that more frames are answered than this, a cell without any answer contradicts it. */
const MOST_SUCCESS = 0.1;

/** What cells in which every frame failed say about a model that was fitted to the others. */
export function judgeFailedCells(failed: readonly FailedCell[], input: PredictionInput): readonly Doubt[] {
  return predict(failed, input).map(({ successRate }, index) => {
    const { users, thinkTimeSeconds, frames, meanRoundTripSeconds } = failed[index] as FailedCell;
    const found = `No frame of ${formatUsers(users)} with think time ${thinkTimeSeconds} s was answered (${frames} failed after ${meanRoundTripSeconds.toFixed(1)} s in the mean)`;
    return successRate > MOST_SUCCESS
      ? {
          level: "do not trust",
          reason: `${found}, where the model says ${formatPercent(successRate)}. Look for what made them fail, and measure that cell again.`,
        }
      : { level: "note", reason: `${found}; nothing was fitted to them, and the model says so too.` };
  });
}
