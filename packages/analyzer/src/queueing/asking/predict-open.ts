import { drawNormal } from "../../stats/draw-normal.ts";
import type { Interval } from "../../stats/interval.ts";
import { createRandom } from "../../stats/random.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { drawInterval } from "../numeric/draw-interval.ts";
import { openResponseSeconds } from "../station/open-queue.ts";
import { type ModelParameters, mostPerSecond, serviceRate } from "../station/parameters.ts";

/** Prediction for an open loop: requests arrive at random, regardless of the responses. */
export interface OpenPrediction {
  readonly arrivalsPerSecond: number;
  /** λ ÷ maximum throughput; from 1 on the queue grows without bound. */
  readonly utilization: number;
  /** 95%. */
  readonly utilizationInterval: Interval;
  /** Seconds, no time limit applied; absent if the queue grows without bound. */
  readonly meanUncutSeconds?: number;
  /** 95%; `high` is absent if the queue may grow without bound. */
  readonly interval?: { readonly low: number; readonly high?: number };
}

/**
 * Predicts open loops (Poisson arrivals) from the fitted station.
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
 * predictOpen([1], model.prediction)[0]?.arrivalsPerSecond; // 1
 * ```
 */
export function predictOpen(arrivals: readonly number[], input: PredictionInput): readonly OpenPrediction[] {
  const random = createRandom(input.seed);
  return arrivals.map((arrivalsPerSecond) => {
    const centre = respond(input.parameters, arrivalsPerSecond);
    const busy = (parameters: ModelParameters) => arrivalsPerSecond / mostPerSecond(parameters);
    const utilization = busy(input.parameters);
    const utilizationInterval = drawInterval(
      input.draws.map((draw) => busy(draw.parameters)),
      utilization,
    );
    if (!Number.isFinite(centre)) return { arrivalsPerSecond, utilization, utilizationInterval };
    const drawn = input.draws.map(
      ({ parameters, runErrorRatio }) =>
        respond(parameters, arrivalsPerSecond) * Math.exp(runErrorRatio * drawNormal(random)),
    );
    return {
      arrivalsPerSecond,
      utilization,
      utilizationInterval,
      meanUncutSeconds: centre,
      interval: finite(drawInterval(drawn, centre)),
    };
  });
}

const finite = ({ low, high }: Interval) => (Number.isFinite(high) ? { low, high } : { low });

function respond(parameters: ModelParameters, arrivalsPerSecond: number): number {
  const rate = (n: number) => serviceRate(parameters, n);
  return (
    parameters.delaySeconds + openResponseSeconds(arrivalsPerSecond, rate, Math.ceil(parameters.servers))
  );
}
