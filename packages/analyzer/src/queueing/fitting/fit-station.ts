import { NEAR_LIMIT } from "../../core/near-limit.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import type { KnownTerms } from "../station/parameters.ts";
import type { RunPlan } from "../station/run.ts";
import type { ColdStartEvidence } from "./cold-starts.ts";
import {
  type DemandBySize,
  drawSlopes,
  findDemandBySize,
  type SizeFinding,
  withLine,
  withoutSizes,
} from "./demand-by-size.ts";
import { fitVariant, type VariantFit } from "./fit-variant.ts";
import { coldStartTerm, drawColdStarts } from "./leave-out-cold.ts";
import type { FailedCell, Observation } from "./observation.ts";
import type { PredictionInput } from "./prediction-input.ts";
import type { PreparedCell } from "./prepare-cell.ts";
import type { StationDraw, Variant } from "./variant.ts";
import { weighVariants } from "./weigh-variants.ts";

export interface StationOptions {
  readonly limitSeconds: number;
  /** Plausible stations to draw. */
  readonly replications: number;
  readonly seed: number;
  /** Absent: none were seen. */
  readonly coldStarts?: ColdStartEvidence;
}

/** A variant, and how plausible it is. */
export interface WeightedVariant extends Variant {
  /** All weights add up to 1. */
  readonly weight: number;
}

/** A station fitted to cells, with everything that predictions need. */
export interface FittedStation {
  readonly variants: readonly WeightedVariant[];
  readonly best: StationDraw;
  readonly observations: readonly Observation[];
  /** Those that the fit used, and ln(predicted ÷ measured mean) of each. */
  readonly fitted: readonly Observation[];
  readonly residuals: readonly number[];
  /** Absent if no sizes are known. */
  readonly demandBySize?: DemandBySize;
  readonly prediction: PredictionInput;
}

/** More cells say little more, and each one is simulated. */
const MAX_CELLS = 60;

/**
 * Fits every variant to cells and weighs them.
 * @param failed cells without a success: they show that requests time out
 */
export function fitStation(
  cells: readonly PreparedCell[],
  options: StationOptions,
  failed: readonly FailedCell[] = [],
): FittedStation {
  const observations = cells.flatMap(({ seen }) => seen ?? []);
  const coldStarts = coldStartTerm(options.coldStarts?.found);
  const terms = coldStarts === undefined ? {} : { coldStarts };
  const plain = fitVariants(observations, failed, options, terms);
  const sized = findDemandBySize(cells, plain.best.parameters);
  if (sized?.chosen === undefined) return finish(observations, plain, options, sized);
  const unsized = observations.map(withoutSizes);
  return finish(
    unsized,
    fitVariants(unsized, failed, options, { ...terms, sizes: sized.chosen.effect }),
    options,
    sized,
  );
}

interface Mixture {
  readonly variants: readonly WeightedVariant[];
  readonly best: StationDraw;
  readonly fitted: readonly Observation[];
  readonly residuals: readonly number[];
  readonly draws: readonly StationDraw[];
}

function fitVariants(
  observations: readonly Observation[],
  failed: readonly FailedCell[],
  { limitSeconds, replications, seed }: StationOptions,
  terms: KnownTerms,
): Mixture {
  const timedOut = failed
    .filter((cell) => cell.meanRoundTripSeconds >= NEAR_LIMIT * limitSeconds)
    .map((cell) => cell.asTimeouts);
  const seen = spread(observations, MAX_CELLS);
  const fitted = [...seen, ...timedOut];
  const haveTimeouts = fitted.some((one) => one.cutRequests > 0);
  const variants = (["sharing", "first-come"] as const).flatMap((discipline) =>
    (haveTimeouts ? (["cancelled", "keeps-running"] as const) : (["cancelled"] as const)).map(
      (timeoutBehaviour): Variant => ({ discipline, timeoutBehaviour }),
    ),
  );
  const fits = variants.map((variant) =>
    fitVariant(fitted, variant, {
      limitSeconds,
      seed,
      draws: replications,
      terms,
    }),
  );
  const weights = weighVariants(fits, seed);
  const best = fits.reduce((a, b, index) =>
    (weights[index] as number) > (weights[fits.indexOf(a)] as number) ? b : a,
  );
  const drawn = drawMixture(fits, weights, replications);
  return {
    variants: variants.map((variant, index) => ({ ...variant, weight: weights[index] as number })),
    best: best.best,
    fitted: seen,
    residuals: best.residuals.slice(0, seen.length),
    // If nothing timed out, nothing shows what time-outs do.
    draws: haveTimeouts ? drawn : drawn.map(alternate),
  };
}

const alternate = (draw: StationDraw, index: number): StationDraw => ({
  ...draw,
  timeoutBehaviour: index % 2 === 0 ? "cancelled" : "keeps-running",
});

/** Draws of all variants by their weights, in an order that mixes them. */
function drawMixture(
  fits: readonly VariantFit[],
  weights: readonly number[],
  count: number,
): readonly StationDraw[] {
  const draws: StationDraw[] = [];
  const taken = fits.map(() => 0);
  for (let index = 0; index < count; index++) {
    // The variant that lags most behind its share.
    const behind = weights.map((weight, variant) => weight * (index + 1) - (taken[variant] as number));
    const variant = behind.indexOf(Math.max(...behind));
    const own = (fits[variant] as VariantFit).draws;
    // Steps of the golden ratio visit the draws evenly.
    const at = Math.floor((((taken[variant] as number) * 0.6180339887 + 0.5) % 1) * own.length);
    draws.push(own[at] as StationDraw);
    taken[variant] = (taken[variant] as number) + 1;
  }
  return draws;
}

function finish(
  observations: readonly Observation[],
  { draws: drawn, ...mixture }: Mixture,
  { limitSeconds, seed, coldStarts }: StationOptions,
  sized?: SizeFinding,
): FittedStation {
  const { parameters } = mixture.best;
  const sloped = sized?.chosen === undefined ? drawn : drawSlopes(drawn, sized.chosen, seed);
  const draws = coldStarts === undefined ? sloped : drawColdStarts(sloped, coldStarts, seed);
  const stations = draws.map((draw) => draw.parameters);
  return {
    ...mixture,
    observations,
    ...(sized !== undefined && {
      demandBySize: sized.chosen === undefined ? sized.found : withLine(sized.found, parameters, stations),
    }),
    prediction: {
      parameters,
      draws,
      plan: usualPlan(observations),
      limitSeconds,
      // At the most users in more than 5% of the draws: the data allow any larger number too.
      serversOpen: draws.filter((draw) => draw.openParameters !== undefined).length > draws.length / 20,
      seed,
    },
  };
}

/** How most cells were run. */
function usualPlan(observations: readonly Observation[]): RunPlan {
  const plans = observations.map(({ plan }) => plan);
  const most = (isSo: (plan: RunPlan) => boolean) => plans.filter(isSo).length > plans.length / 2;
  const rates = plans.map((plan) => plan.startRatePerSecond).sort((a, b) => a - b);
  return {
    requestsPerUser: Math.round(average(plans.map((plan) => plan.requestsPerUser))),
    startRatePerSecond: rates[Math.floor(rates.length / 2)] as number,
    isSteady: most((plan) => plan.isSteady),
    ...(most((plan) => plan.think === "exponential") && { think: "exponential" }),
  };
}
