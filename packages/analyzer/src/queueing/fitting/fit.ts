import { minimize } from "../numeric/nelder-mead.ts";
import { spread } from "../numeric/spread.ts";
import { firstComeFactor } from "../station/first-come.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { stationSeconds } from "../station/predict-cell.ts";
import { type SizeEffect, withMeanUnits } from "../station/sizes.ts";
import { type Observation, workVariation } from "./observation.ts";

interface Freedom {
  readonly contention: boolean;
  readonly delay: boolean;
  readonly discipline?: "first-come";
}

/** Which parameters are free (the others are 0), and the service discipline. */
export const VARIANTS = {
  sharing: { contention: false, delay: false },
  "sharing+contention": { contention: true, delay: false },
  "sharing+delay": { contention: false, delay: true },
  "first-come": { contention: false, delay: false, discipline: "first-come" },
} as const satisfies Record<string, Freedom>;
export type Variant = keyof typeof VARIANTS;

/** Precomputed firstComeFactor() of a condition. */
export type Factors = (users: number, thinkTimeSeconds: number) => number;

/** The parameters that are fitted to mean round trips. */
export type MeanParameters = Pick<
  ModelParameters,
  "demandSeconds" | "servers" | "contention" | "delaySeconds" | "discipline" | "sizes"
>;

export interface MeanFit {
  readonly variant: Variant;
  readonly parameters: MeanParameters;
  /** Weighted sum of squared logarithmic errors. */
  readonly loss: number;
  /** ln(predicted / observed) per observation. */
  readonly residuals: readonly number[];
  /** For the fitted conditions, at these parameters. */
  readonly factors: Factors;
}

/** Starting point of a fit: parameters, and factors that are good enough to keep. */
export type Start = Pick<MeanFit, "parameters" | "factors">;

/** Model error that remains in any fit: keeps precise cells from outweighing all others. */
const MODEL_ERROR = 0.015;

const FACTOR_ROUNDS = 3;
/** Demands within this factor of each other share a first-come factor. */
const FACTOR_STEP = 1.15;

/** Number of cells that are fitted from many starting points. */
const MAX_COLD = 40;

/** How well an observation determines the mean without time-outs: hardly, if most requests timed out. */
export function toldBy({ cutRequests, requests }: Observation): number {
  return (1 - cutRequests / requests) ** 2;
}

/** Weight of an observation: by its own error, lower if many of its requests timed out. */
export function weightOf(observation: Observation): number {
  return toldBy(observation) / (observation.relativeError ** 2 + MODEL_ERROR ** 2);
}

/**
 * Weighted least squares on the logarithms of the mean round trips without time-outs.
 *
 * The servers never exceed the most users measured together: capacity that was not observed cannot be claimed
 * (docs/decisions/queueing-model.md).
 *
 * @param start a fit to start from; absent: many starting points, with newly computed factors
 * @param sizes the known effect of size on the demand; a start brings its own
 */
export function fitMeans(
  observations: readonly Observation[],
  variant: Variant,
  start?: Start,
  sizes?: SizeEffect,
): MeanFit {
  if (start !== undefined)
    return fitOnce(observations, variant, start.factors, start.parameters.sizes, start.parameters);
  // Many starting points on some cells, then one on all of them.
  const some = spread(observations, MAX_COLD);
  let fit = fitOnce(some, variant, () => 1, sizes);
  if ((VARIANTS[variant] as Freedom).discipline === undefined)
    return some === observations ? fit : fitOnce(observations, variant, fit.factors, sizes, fit.parameters);
  // Factors and parameters depend on each other; two rounds are enough to converge.
  for (let round = 0; round < FACTOR_ROUNDS; round++)
    fit = fitOnce(observations, variant, factorsAt(fit.parameters, observations), sizes, fit.parameters);
  return fit;
}

function factorsAt(parameters: MeanParameters, observations: readonly Observation[]): Factors {
  const whole = { ...parameters, demandVariation: workVariation(observations), waitVariation: 0 };
  return (users, thinkTimeSeconds) => firstComeFactor(whole, users, thinkTimeSeconds);
}

function fitOnce(
  observations: readonly Observation[],
  variant: Variant,
  factors: Factors,
  sizes?: SizeEffect,
  start?: MeanParameters,
): MeanFit {
  const most = Math.max(...observations.map((observation) => observation.users));
  const least = Math.min(...observations.map((observation) => observation.uncutMeanSeconds));
  // The handler runs on the host, so its time alone belongs to the demand, not to the delay.
  const handler = Math.min(least, ...observations.map((observation) => observation.handlerSeconds ?? 0));
  const free: Freedom = VARIANTS[variant];
  const weights = observations.map(weightOf);
  const isInside = ([logDemand = 0, servers = 1, third = 0]: readonly number[]) =>
    servers >= 1 &&
    servers <= 1.5 * most &&
    third >= 0 &&
    (!free.delay || third <= least) &&
    logDemand <= Math.log(100 * least);
  const unpack = ([logDemand = 0, servers = 1, third = 0]: readonly number[]): MeanParameters => {
    return {
      demandSeconds: Math.exp(logDemand),
      servers: Math.min(servers, most),
      contention: free.contention ? third : 0,
      delaySeconds: free.delay ? third : 0,
      ...(free.discipline !== undefined && { discipline: free.discipline }),
      ...(sizes !== undefined && { sizes }),
    };
  };
  const loss = (point: readonly number[]) => {
    if (!isInside(point)) return Number.POSITIVE_INFINITY;
    const parameters = unpack(point);
    let sum = 0;
    for (const [index, observation] of observations.entries()) {
      sum += (weights[index] as number) * logError(parameters, observation, factors) ** 2;
    }
    // Beyond the cap the loss is flat; a slope leads the search back.
    return sum + 1e-6 * Math.max(0, (point[1] ?? 0) - most);
  };
  // A fit to other cells may lie outside the bounds of these.
  const inside = ([logDemand = 0, servers = 1, third = 0]: readonly number[]) => [
    Math.min(logDemand, Math.log(100 * least)),
    Math.min(Math.max(1, servers), 1.5 * most),
    free.delay ? Math.min(third, 0.95 * least) : third,
  ];
  const starts = (
    start === undefined
      ? coldStarts(least, most, least - handler, free)
      : [[Math.log(start.demandSeconds), start.servers, thirdOf(start, free)]]
  ).map(inside);
  const step = [0.05, -0.15, free.delay ? 0.1 * least : 0.01];
  const dimensions = free.contention || free.delay ? 3 : 2;
  const found = starts.map((from) =>
    minimize(loss, from.slice(0, dimensions), step.slice(0, dimensions), start === undefined ? 400 : 160),
  );
  const best = found.reduce((a, b) => (b.value < a.value ? b : a));
  const parameters = unpack(best.at);
  return {
    variant,
    parameters,
    loss: best.value,
    residuals: observations.map((observation) => logError(parameters, observation, factors)),
    factors,
  };
}

function thirdOf(start: MeanParameters, free: Freedom): number {
  return free.contention ? start.contention : free.delay ? start.delaySeconds : 0;
}

function coldStarts(least: number, most: number, mostDelay: number, free: Freedom): number[][] {
  const servers = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 32]
    .filter((count) => count < most)
    .concat(most * 0.95, most);
  const thirds = free.contention ? [0.005, 0.05] : free.delay ? [0.05 * mostDelay, 0.5 * mostDelay] : [0];
  return servers.flatMap((count) =>
    thirds.map((third) => [Math.log(least - (free.delay ? third : 0)), count, third]),
  );
}

/** ln(predicted / observed). */
export function logError(parameters: MeanParameters, observation: Observation, factors: Factors): number {
  const response = stationOf(parameters, observation, factors).responseSeconds;
  return Math.log((parameters.delaySeconds + response) / observation.uncutMeanSeconds);
}

/** Mean demand of an observation's requests, and their mean time at the station, seconds. */
export function stationOf(
  parameters: MeanParameters,
  { users, thinkTimeSeconds, meanUnits }: Pick<Observation, "users" | "thinkTimeSeconds" | "meanUnits">,
  factors: Factors,
): { readonly demandSeconds: number; readonly responseSeconds: number } {
  const own = withMeanUnits(parameters, meanUnits);
  // The factor depends only on think time ÷ demand. The ratio is rounded because each new value takes a simulation.
  const ratio = own.demandSeconds / parameters.demandSeconds;
  const rounded = FACTOR_STEP ** Math.round(Math.log(ratio) / Math.log(FACTOR_STEP));
  const factor = factors(users, thinkTimeSeconds / rounded);
  const away = thinkTimeSeconds + own.delaySeconds;
  return {
    demandSeconds: own.demandSeconds,
    responseSeconds: stationSeconds(own, users, away, factor),
  };
}
