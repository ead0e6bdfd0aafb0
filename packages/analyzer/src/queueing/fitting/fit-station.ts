import { average } from "../numeric/average.ts";
import { bootstrapFits } from "./bootstrap.ts";
import { chooseVariant, type VariantScore } from "./choose-variant.ts";
import {
  type DemandBySize,
  drawSlopes,
  findDemandBySize,
  type SizeFinding,
  withLine,
  withoutSizes,
} from "./demand-by-size.ts";
import type { MeanFit } from "./fit.ts";
import { fitVariation } from "./fit-variation.ts";
import type { FailedCell, Observation } from "./observation.ts";
import type { PredictionInput } from "./prediction-input.ts";
import type { PreparedCell } from "./prepare-cell.ts";
import { runToRunError } from "./run-error.ts";
import { inferTimeoutBehaviour, type TimeoutEvidence } from "./timeout-behaviour.ts";

export interface StationOptions {
  readonly limitSeconds: number;
  readonly replications: number;
  readonly seed: number;
}

/** A station fitted to cells, with everything that predictions need. */
export interface FittedStation {
  readonly fit: MeanFit;
  readonly scores: readonly VariantScore[];
  readonly observations: readonly Observation[];
  /** Absent if no sizes are known. */
  readonly demandBySize?: DemandBySize;
  readonly timeoutBehaviour: TimeoutEvidence;
  readonly prediction: PredictionInput;
}

/**
 * Fits variant, means and variations to cells, and refits them to resampled cells.
 * @param failed cells without a success: they only inform the time-out behaviour
 */
export function fitStation(
  cells: readonly PreparedCell[],
  options: StationOptions,
  failed: readonly FailedCell[] = [],
): FittedStation {
  const observations = cells.flatMap(({ seen }) => seen ?? []);
  const plain = chooseVariant(observations);
  const sized = findDemandBySize(cells, plain.fit);
  if (sized?.chosen === undefined) return finishStation(cells, plain, options, failed, sized);
  const unsized = cells.map((cell) => ({
    ...cell,
    seen: cell.seen && withoutSizes(cell.seen),
    redraw: (random: () => number) => {
      const drawn = cell.redraw(random);
      return drawn && withoutSizes(drawn);
    },
  }));
  const choice = chooseVariant(
    unsized.flatMap(({ seen }) => seen ?? []),
    sized.chosen.effect,
  );
  return finishStation(unsized, choice, options, failed, sized);
}

/** Fits variations and refits to resampled cells, with the variant and the effect of size already chosen. */
function finishStation(
  cells: readonly PreparedCell[],
  { fit, rivals, scores }: ReturnType<typeof chooseVariant>,
  options: StationOptions,
  failed: readonly FailedCell[],
  sized?: SizeFinding,
): FittedStation {
  const { limitSeconds, seed } = options;
  const observations = cells.flatMap(({ seen }) => seen ?? []);
  const { parameters, spreadError } = fitVariation(fit, observations);
  const timeoutBehaviour = inferTimeoutBehaviour(parameters, observations, failed, limitSeconds);
  // Variants that lost narrowly are still plausible, so the intervals include them.
  const candidates = [fit, ...rivals];
  const replications = Math.ceil(options.replications / candidates.length);
  const refits = candidates.flatMap((candidate) =>
    bootstrapFits(
      cells,
      candidate,
      candidate === fit ? parameters : fitVariation(candidate, observations).parameters,
      runToRunError(candidate, observations),
      { seed, replications },
    ),
  );
  const bootstrap = sized?.chosen === undefined ? refits : drawSlopes(refits, sized.chosen, seed);
  const most = Math.max(...observations.map((seen) => seen.users));
  return {
    fit,
    scores,
    observations,
    ...(sized !== undefined && {
      demandBySize: sized.chosen === undefined ? sized.found : withLine(sized.found, parameters, bootstrap),
    }),
    timeoutBehaviour,
    prediction: {
      parameters,
      bootstrap,
      runError: runToRunError(fit, observations),
      spreadError,
      limitSeconds,
      timeoutBehaviour: timeoutBehaviour.timeoutBehaviour,
      // At the cap in more than 5% of the refits: the data allow any larger number too.
      serversOpen: bootstrap.filter((one) => one.servers >= most - 1e-6).length > bootstrap.length / 20,
      requestsPerUser: average(observations.map((seen) => seen.requests / seen.users)),
      seed,
    },
  };
}
