import type { PredictionInput } from "../fitting/prediction-input.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import { saturationUsers } from "../station/bounds.ts";
import { asOneStation, type ModelParameters } from "../station/parameters.ts";

export interface Saturation {
  readonly thinkTimeSeconds: number;
  /** N*: where the asymptotes meet. */
  readonly users: number;
  /** 95%; `high` is absent if no load showed an upper end of the servers. */
  readonly interval: { readonly low: number; readonly high?: number };
}

/**
 * The saturation point for each think time, with intervals from the plausible stations.
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
 * findSaturation([0], model.prediction).length; // 1
 * ```
 */
export function findSaturation(
  thinkTimes: readonly number[],
  { parameters, plausible, serversOpen }: PredictionInput,
): readonly Saturation[] {
  return thinkTimes.map((thinkTimeSeconds) => {
    const at = ({ demandSeconds, servers }: ModelParameters) =>
      saturationUsers(demandSeconds, servers, thinkTimeSeconds);
    const users = at(parameters);
    const { low, high } = drawInterval(
      plausible.map((draw) => at(asOneStation(draw.parameters))),
      users,
    );
    return { thinkTimeSeconds, users, interval: serversOpen ? { low } : { low, high } };
  });
}
