import { minimize } from "../numeric/nelder-mead.ts";
import { firstComeFactor } from "../station/first-come.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { stationSeconds } from "../station/predict-cell.ts";
import { type Observation, spread, workVariation } from "./observation.ts";

interface Freedom {
  readonly contention: boolean;
  readonly delay: boolean;
  readonly discipline?: "first-come";
}

/** Which parameters are free (the others are 0), and how requests are served. */
export const VARIANTS = {
  sharing: { contention: false, delay: false },
  "sharing+contention": { contention: true, delay: false },
  "sharing+delay": { contention: false, delay: true },
  "first-come": { contention: false, delay: false, discipline: "first-come" },
} as const satisfies Record<string, Freedom>;
export type Variant = keyof typeof VARIANTS;

/** firstComeFactor() of a condition, known beforehand. */
export type Factors = (users: number, thinkTimeSeconds: number) => number;

/** Means only: what is fitted to the mean round trips. */
export type MeanParameters = Pick<
  ModelParameters,
  "demandSeconds" | "servers" | "contention" | "delaySeconds" | "discipline"
>;

export interface MeanFit {
  readonly variant: Variant;
  readonly parameters: MeanParameters;
  /** Weighted sum of squared logarithmic errors. */
  readonly loss: number;
  /** ln(predicted / observed) per observation. */
  readonly residuals: readonly number[];
  /** Of the fitted conditions at these parameters. */
  readonly factors: Factors;
}

/** What a fit begins from: parameters, and factors that are good enough to keep. */
export type Start = Pick<MeanFit, "parameters" | "factors">;

/** Relative error that even a good model keeps: keeps precise cells from outweighing all others. */
const MODEL_ERROR = 0.015;

const FACTOR_ROUNDS = 3;

/** Cells that are fitted from many starting points. */
const MAX_COLD = 40;

/** How far an observation tells an uncut mean: where most requests were cut, hardly. */
export function toldBy({ cutRequests, requests }: Observation): number {
  return (1 - cutRequests / requests) ** 2;
}

/** Weight of an observation: by its own error, and less where many of its requests were cut. */
export function weightOf(observation: Observation): number {
  return toldBy(observation) / (observation.relativeError ** 2 + MODEL_ERROR ** 2);
}

/**
 * Weighted least squares on the logarithms of the uncut mean round trips.
 *
 * Servers are never more than the most users that were measured at once: capacity that was not seen
 * cannot be claimed (docs/decisions/queueing-model.md).
 *
 * @param start a fit to begin from; absent: many starting points, and factors from there
 */
export function fitMeans(observations: readonly Observation[], variant: Variant, start?: Start): MeanFit {
  if (start !== undefined) return fitOnce(observations, variant, start.factors, start.parameters);
  // Many starting points on some of the cells, then one from there on all.
  const some = spread(observations, MAX_COLD);
  let fit = fitOnce(some, variant, () => 1);
  if ((VARIANTS[variant] as Freedom).discipline === undefined)
    return some === observations ? fit : fitOnce(observations, variant, fit.factors, fit.parameters);
  // Factors and parameters depend on each other; both move little after the second round.
  for (let round = 0; round < FACTOR_ROUNDS; round++)
    fit = fitOnce(observations, variant, factorsAt(fit.parameters, observations), fit.parameters);
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
  start?: MeanParameters,
): MeanFit {
  const most = Math.max(...observations.map((observation) => observation.users));
  const least = Math.min(...observations.map((observation) => observation.uncutMeanSeconds));
  // The handler ran on the host: what it took alone is part of the demand, never of the delay.
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
    };
  };
  const loss = (point: readonly number[]) => {
    if (!isInside(point)) return Number.POSITIVE_INFINITY;
    const parameters = unpack(point);
    let sum = 0;
    for (const [index, observation] of observations.entries()) {
      sum += (weights[index] as number) * logError(parameters, observation, factors) ** 2;
    }
    // Beyond the cap the loss is flat; a slope leads back.
    return sum + 1e-6 * Math.max(0, (point[1] ?? 0) - most);
  };
  // What a fit to other cells found may lie outside of what these allow.
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
  const { users, thinkTimeSeconds, uncutMeanSeconds } = observation;
  const { delaySeconds } = parameters;
  const factor = factors(users, thinkTimeSeconds);
  const response = stationSeconds(parameters, users, thinkTimeSeconds + delaySeconds, factor);
  return Math.log((delaySeconds + response) / uncutMeanSeconds);
}
