import type { QueueingModel } from "../fit-model.ts";
import { saturationUsers } from "../station/bounds.ts";
import { type Condition, type Prediction, predict } from "./predict.ts";

export interface NextCell extends Condition {
  /** Width of the 90 % interval ÷ predicted mean: how little is known there. */
  readonly relativeWidth: number;
}

/**
 * The cell whose measurement would tell most: where the interval of the mean is widest for its size,
 * among loads up to twice saturation (beyond, the limit cuts everything and little is learnt).
 */
export function proposeNextCell(model: QueueingModel): NextCell | undefined {
  const { demandSeconds, servers } = model.parameters;
  const thinkTimes = [...new Set(model.observations.map((seen) => seen.thinkTimeSeconds))];
  const measured = new Set(model.observations.map((seen) => `${seen.users} ${seen.thinkTimeSeconds}`));
  const candidates = thinkTimes.flatMap((thinkTimeSeconds) => {
    const most = Math.min(200, Math.ceil(2 * saturationUsers(demandSeconds, servers, thinkTimeSeconds)));
    return Array.from({ length: most }, (_, index) => ({ users: index + 1, thinkTimeSeconds })).filter(
      (cell) => !measured.has(`${cell.users} ${cell.thinkTimeSeconds}`),
    );
  });
  const width = (prediction: Prediction) =>
    ((prediction.interval.high - prediction.interval.low) / prediction.meanRoundTripSeconds) *
    prediction.successRate;
  let best: NextCell | undefined;
  for (const prediction of predict(candidates, model.prediction)) {
    const relativeWidth = width(prediction);
    if (best === undefined || relativeWidth > best.relativeWidth) {
      best = { users: prediction.users, thinkTimeSeconds: prediction.thinkTimeSeconds, relativeWidth };
    }
  }
  return best;
}
