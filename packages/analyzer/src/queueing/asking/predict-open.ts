import type { Interval } from "../../stats/interval.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { refitInterval } from "../fitting/refit-interval.ts";
import { drawRunError } from "../fitting/run-error.ts";
import { createRandom, drawNormal } from "../numeric/random.ts";
import { openResponseSeconds } from "../station/open-queue.ts";
import { type ModelParameters, mostPerSecond, serviceRate } from "../station/parameters.ts";

/** Prediction for an open loop: requests arrive at random, regardless of the responses. */
export interface OpenPrediction {
  readonly arrivalsPerSecond: number;
  /** λ ÷ maximum throughput; from 1 on the queue grows without bound. */
  readonly utilization: number;
  /** 90%. */
  readonly utilizationInterval: Interval;
  /** Seconds, no time limit applied; absent if the queue grows without bound. */
  readonly meanUncutSeconds?: number;
  /** 90%; `high` is absent if the queue may grow without bound. */
  readonly interval?: { readonly low: number; readonly high?: number };
}

/** Predicts open loops (Poisson arrivals) from the fitted station. */
export function predictOpen(arrivals: readonly number[], input: PredictionInput): readonly OpenPrediction[] {
  const random = createRandom(input.seed);
  return arrivals.map((arrivalsPerSecond) => {
    const centre = respond(input.parameters, arrivalsPerSecond);
    const busy = (parameters: ModelParameters) => arrivalsPerSecond / mostPerSecond(parameters);
    const utilization = busy(input.parameters);
    const utilizationInterval = refitInterval(input.bootstrap.map(busy), utilization);
    if (!Number.isFinite(centre)) return { arrivalsPerSecond, utilization, utilizationInterval };
    const drawn = input.bootstrap.map(
      (means) =>
        respond({ ...input.parameters, ...means }, arrivalsPerSecond) *
        Math.exp(drawRunError(input.runError, random) * drawNormal(random)),
    );
    return {
      arrivalsPerSecond,
      utilization,
      utilizationInterval,
      meanUncutSeconds: centre,
      interval: finite(refitInterval(drawn, centre)),
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
