import type { FittedStation } from "../fitting/fit-station.ts";
import { spread } from "../numeric/spread.ts";
import { saturationUsers } from "../station/bounds.ts";
import { type Condition, type Prediction, predict } from "./predict.ts";

export interface NextCell extends Condition {
  /** Width of the 95% interval ÷ predicted mean. */
  readonly relativeWidth: number;
}

/** Enough to compare the widths of intervals. */
const MAX_DRAWS = 40;
const MAX_CANDIDATES = 40;

/**
 * The most informative cell to measure next: the one with the widest interval relative to its mean, where the
 * plausible hosts differ most, among loads up to twice saturation (beyond, everything times out and there is little to learn).
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
 * proposeNextCell(model)?.thinkTimeSeconds; // 0
 * ```
 */
export function proposeNextCell(
  model: Pick<FittedStation, "prediction" | "observations">,
): NextCell | undefined {
  const { demandSeconds, servers } = model.prediction.parameters;
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
  const some = { ...model.prediction, draws: model.prediction.draws.slice(0, MAX_DRAWS) };
  for (const prediction of predict(spread(candidates, MAX_CANDIDATES), some)) {
    const relativeWidth = width(prediction);
    if (best === undefined || relativeWidth > best.relativeWidth) {
      best = { users: prediction.users, thinkTimeSeconds: prediction.thinkTimeSeconds, relativeWidth };
    }
  }
  return best;
}
