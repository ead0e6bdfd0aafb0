import type { PredictionInput } from "../asking/predict.ts";
import { bootstrapFits } from "./bootstrap.ts";
import { chooseVariant, type VariantScore } from "./choose-variant.ts";
import type { MeanFit } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import { average, type FailedCell, type Observation, type PreparedCell } from "./observation.ts";
import { runToRunError } from "./run-error.ts";
import { inferTimeoutBehaviour, type TimeoutEvidence } from "./timeout-behaviour.ts";

export interface StationOptions {
  readonly limitSeconds: number;
  readonly replications: number;
  readonly seed: number;
}

/** A station fitted to cells, with all that predictions need. */
export interface FittedStation {
  readonly fit: MeanFit;
  readonly scores: readonly VariantScore[];
  readonly observations: readonly Observation[];
  readonly timeoutBehaviour: TimeoutEvidence;
  readonly prediction: PredictionInput;
}

/**
 * Fits variant, means and variations to cells, and refits them to redrawn ones.
 * @param failed what tells about cut requests only
 */
export function fitStation(
  cells: readonly PreparedCell[],
  options: StationOptions,
  failed: readonly FailedCell[] = [],
): FittedStation {
  const { limitSeconds, seed } = options;
  const observations = cells.flatMap(({ seen }) => seen ?? []);
  const { fit, rivals, scores } = chooseVariant(observations);
  const { parameters, spreadError } = fitVariation(fit, observations);
  const timeoutBehaviour = inferTimeoutBehaviour(parameters, observations, failed, limitSeconds);
  // What lost a tie may as well be true: the intervals hold what it says too.
  const candidates = [fit, ...rivals];
  const replications = Math.ceil(options.replications / candidates.length);
  const bootstrap = candidates.flatMap((candidate) =>
    bootstrapFits(
      cells,
      candidate,
      candidate === fit ? parameters : fitVariation(candidate, observations).parameters,
      runToRunError(candidate, observations),
      { seed, replications },
    ),
  );
  const most = Math.max(...observations.map((seen) => seen.users));
  return {
    fit,
    scores,
    observations,
    timeoutBehaviour,
    prediction: {
      parameters,
      bootstrap,
      runError: runToRunError(fit, observations),
      spreadError,
      limitSeconds,
      timeoutBehaviour: timeoutBehaviour.timeoutBehaviour,
      // At the cap in more than a twentieth of the refits: the data allow for any larger number too.
      serversOpen: bootstrap.filter((one) => one.servers >= most - 1e-6).length > bootstrap.length / 20,
      requestsPerUser: average(observations.map((seen) => seen.requests / seen.users)),
      seed,
    },
  };
}
