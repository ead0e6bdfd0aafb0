import { NEAR_LIMIT } from "../../core/near-limit.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import { asOneStation, type KnownTerms } from "../station/parameters.ts";
import type { RunPlan } from "../station/run.ts";
import { type ClassesFinding, type FoundClasses, findClasses, withDemands } from "./classes.ts";
import type { ColdStartEvidence } from "./cold-starts.ts";
import {
  besideClasses,
  type DemandBySize,
  drawSlopes,
  findDemandBySize,
  type SizeFinding,
  withLine,
  withoutSizes,
} from "./demand-by-size.ts";
import { fitVariant, type VariantFit } from "./fit-variant.ts";
import { coldStartTerm, drawColdStarts } from "./leave-out-cold.ts";
import { claimedWeights, type Mixture, mixVariants } from "./mix-variants.ts";
import type { FailedCell, Observation } from "./observation.ts";
import { findOtherFailures } from "./other-failures.ts";
import type { PredictionInput } from "./prediction-input.ts";
import type { PreparedCell } from "./prepare-cell.ts";
import { findProcessorNeed, type ProcessorNeed } from "./processor-need.ts";
import { findSplit, type Split } from "./split.ts";
import { isBoundByProcessors, mayDelayBeLong, mostTogether } from "./station-space.ts";
import { describeStations, type StationsFinding } from "./stations.ts";
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
  /** Two stations count as one that has the demand of both and their capacity. */
  readonly best: StationDraw;
  readonly observations: readonly Observation[];
  /** Those that the fit used, and ln(predicted ÷ measured mean) of each. */
  readonly fitted: readonly Observation[];
  readonly residuals: readonly number[];
  /** Absent if no sizes are known. */
  readonly demandBySize?: DemandBySize;
  /** Absent: requests are not known to be of several kinds. */
  readonly classes?: ClassesFinding;
  /** Absent: no reported time shows more than one station. */
  readonly stations?: StationsFinding;
  /** A reported time that shows two stations, although sizes, classes or cold starts allow one only. Absent: none. */
  readonly untriedSplit?: Split;
  /** Absent if the function's processor time is not known. */
  readonly processors?: ProcessorNeed;
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
  if (sized?.chosen === undefined) {
    const classes = findClasses(cells, plain.best.parameters);
    if (classes?.chosen === undefined) return finish(observations, plain, options, sized, classes);
    const mixed = classes.chosen.observations.map(withoutSizes);
    return finish(
      mixed,
      fitVariants(mixed, failed, options, { ...terms, sizes: classes.chosen.effect }),
      options,
      sized && { ...sized, found: besideClasses(sized) },
      classes,
    );
  }
  const unsized = observations.map(withoutSizes);
  return finish(
    unsized,
    fitVariants(unsized, failed, options, { ...terms, sizes: sized.chosen.effect }),
    options,
    sized,
  );
}

interface FittedVariants {
  readonly variants: readonly WeightedVariant[];
  readonly stations?: StationsFinding;
  readonly untriedSplit?: Split;
  readonly best: StationDraw;
  readonly fitted: readonly Observation[];
  readonly residuals: readonly number[];
  readonly mixture: Mixture;
}

function fitVariants(
  observations: readonly Observation[],
  failed: readonly FailedCell[],
  { limitSeconds, replications, seed }: StationOptions,
  terms: KnownTerms,
): FittedVariants {
  const timedOut = failed
    .filter((cell) => cell.meanRoundTripSeconds >= NEAR_LIMIT * limitSeconds)
    .map((cell) => cell.asTimeouts);
  const seen = spread(observations, MAX_CELLS);
  const fitted = [...seen, ...timedOut];
  const haveTimeouts = fitted.some((one) => one.cutRequests > 0);
  // Sizes and cold starts are known of one station only.
  const found = findSplit(seen);
  const split = Object.keys(terms).length === 0 ? found : undefined;
  const fit = (variant: Variant) =>
    fitVariant(fitted, variant, {
      limitSeconds,
      seed,
      draws: replications,
      terms,
      ...(split !== undefined && { split }),
    });
  const plain = variantsOf(fitted, haveTimeouts, split);
  const plainFits = plain.map(fit);
  const bent = mayHaveKnee(plainFits) ? kneesOf(plain) : [];
  const variants = [...plain, ...bent];
  const fits = [...plainFits, ...bent.map(fit)];
  const weights = weighVariants(fits, seed);
  const claimed = claimedWeights(variants, weights);
  const best = fits[claimed.indexOf(Math.max(...claimed))] as VariantFit;
  const mixture = mixVariants(fits, variants, weights, replications);
  const weighted = variants.map((variant, index) => ({ ...variant, weight: weights[index] as number }));
  return {
    variants: weighted,
    ...(split !== undefined && {
      stations: describeStations(split, weighted, fits, mixture.plausible, mostTogether(fitted)),
    }),
    ...(found !== undefined && split === undefined && { untriedSplit: found }),
    best: asOne(best.best),
    fitted: seen,
    residuals: best.residuals.slice(0, seen.length),
    mixture: haveTimeouts ? mixture : withBothBehaviours(mixture),
  };
}

/** The variants that may explain observations. */
function variantsOf(
  observations: readonly Observation[],
  haveTimeouts: boolean,
  split: Split | undefined,
): readonly Variant[] {
  const behaviours = haveTimeouts ? (["cancelled", "keeps-running"] as const) : (["cancelled"] as const);
  const kinds: readonly Pick<Variant, "delay" | "split">[] = [
    { delay: "short" },
    // If the reported part grows, a delay is the second station: that of the rest, with servers for all requests.
    ...(split?.growing !== "part" && mayDelayBeLong(observations) ? [{ delay: "long" } as const] : []),
    ...(split === undefined ? [] : [{ delay: "short", split } as const]),
  ];
  return (["sharing", "first-come"] as const).flatMap((discipline) =>
    behaviours.flatMap((timeoutBehaviour) =>
      kinds.map((kind) => ({ discipline, timeoutBehaviour, ...kind })),
    ),
  );
}

/** A run-to-run error that is rarely larger. */
const UNEXPLAINED = 0.03;

/** Whether no other variant explains the cells, so that runs seem to differ a lot. */
const mayHaveKnee = (fits: readonly VariantFit[]) =>
  fits.every(({ best }) => best.runErrorRatio > UNEXPLAINED);

/** Hosts with a knee: requests share them. */
const kneesOf = (variants: readonly Variant[]): readonly Variant[] =>
  variants
    .filter(
      ({ discipline, delay, split }) => discipline === "sharing" && delay === "short" && split === undefined,
    )
    .map((variant) => ({ ...variant, hasKnee: true }));

const asOne = (draw: StationDraw): StationDraw => ({
  ...draw,
  parameters: asOneStation(draw.parameters),
  ...(draw.openParameters !== undefined && { openParameters: asOneStation(draw.openParameters) }),
});

/** If nothing timed out, nothing shows what time-outs do. */
function withBothBehaviours({ draws, plausible, serversOpen }: Mixture): Mixture {
  const both = draws.map(alternate);
  return { draws: both, plausible: plausible === draws ? both : plausible.map(alternate), serversOpen };
}

const alternate = (draw: StationDraw, index: number): StationDraw => ({
  ...draw,
  timeoutBehaviour: index % 2 === 0 ? "cancelled" : "keeps-running",
});

function finish(
  observations: readonly Observation[],
  { mixture, ...fit }: FittedVariants,
  { limitSeconds, seed, coldStarts }: StationOptions,
  sized?: SizeFinding,
  classes?: FoundClasses,
): FittedStation {
  const { parameters } = fit.best;
  const chosen = sized?.chosen ?? classes?.chosen;
  const processors = findProcessorNeed(observations);
  const otherFailures = findOtherFailures(observations);
  const withTerms = (draws: readonly StationDraw[]) => {
    const sloped = chosen === undefined ? draws : drawSlopes(draws, chosen, seed);
    return coldStarts === undefined ? sloped : drawColdStarts(sloped, coldStarts, seed);
  };
  const draws = withTerms(mixture.draws);
  const stations = draws.map((draw) => draw.parameters);
  return {
    ...fit,
    observations,
    ...(processors !== undefined && { processors }),
    ...(sized !== undefined && {
      demandBySize: sized.chosen === undefined ? sized.found : withLine(sized.found, parameters, stations),
    }),
    ...(classes !== undefined && {
      classes:
        classes.chosen === undefined ? classes.found : withDemands(classes.found, parameters, stations),
    }),
    prediction: {
      parameters,
      draws,
      plausible: mixture.plausible === mixture.draws ? draws : withTerms(mixture.plausible),
      plan: usualPlan(observations),
      limitSeconds,
      ...(otherFailures !== undefined && { otherFailures }),
      serversOpen: mixture.serversOpen && !isBoundByProcessors(observations),
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
