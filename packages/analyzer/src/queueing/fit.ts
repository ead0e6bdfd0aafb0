import { minimize } from "./nelder-mead.ts";
import { type Observation, spread } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { predictCell } from "./predict-cell.ts";

/** Which parameters are free; the others are 0. */
export const VARIANTS = {
  sharing: { contention: false, delay: false },
  "sharing+contention": { contention: true, delay: false },
  "sharing+delay": { contention: false, delay: true },
} as const;
export type Variant = keyof typeof VARIANTS;

/** Means only: what is fitted to the mean round trips. */
export type MeanParameters = Pick<
  ModelParameters,
  "demandSeconds" | "servers" | "contention" | "delaySeconds"
>;

export interface MeanFit {
  readonly variant: Variant;
  readonly parameters: MeanParameters;
  /** Weighted sum of squared logarithmic errors. */
  readonly loss: number;
  /** ln(predicted / observed) per observation. */
  readonly residuals: readonly number[];
}

/** Relative error that even a good model keeps: keeps precise cells from outweighing all others. */
const MODEL_ERROR = 0.015;

/** Cells that are fitted from many starting points. */
const MOST_COLD = 40;

/** Weight of an observation: by its own error, and less where many of its frames were cut. */
export function weightOf(observation: Observation): number {
  const seen = 1 - observation.cutFrames / observation.frames;
  return (seen * seen) / (observation.relativeError ** 2 + MODEL_ERROR ** 2);
}

/**
 * Weighted least squares on the logarithms of the uncut mean round trips.
 *
 * Servers are never more than the most users that were measured at once: capacity that was not seen
 * cannot be claimed (docs/decisions/queueing-model.md).
 *
 * @param start a fit to begin from; absent: many starting points
 */
export function fitMeans(
  observations: readonly Observation[],
  variant: Variant,
  start?: MeanParameters,
): MeanFit {
  if (start === undefined && observations.length > MOST_COLD) {
    // Many starting points on some of the cells, then one from there on all.
    const { parameters } = fitMeans(spread(observations, MOST_COLD), variant);
    return fitMeans(observations, variant, parameters);
  }
  const most = Math.max(...observations.map((observation) => observation.users));
  const least = Math.min(...observations.map((observation) => observation.uncutMeanSeconds));
  // The handler ran on the host: what it took alone is part of the demand, never of the delay.
  const handler = Math.min(...observations.map((observation) => observation.handlerSeconds ?? 0));
  const free = VARIANTS[variant];
  const weights = observations.map(weightOf);
  const unpack = (point: readonly number[]): MeanParameters | undefined => {
    const [logDemand = 0, servers = 1, third = 0] = point;
    const demandSeconds = Math.exp(logDemand);
    if (servers < 1 || third < 0 || (free.delay && third > least) || demandSeconds > 100 * least)
      return undefined;
    return {
      demandSeconds,
      servers: Math.min(servers, most),
      contention: free.contention ? third : 0,
      delaySeconds: free.delay ? third : 0,
    };
  };
  const loss = (point: readonly number[]) => {
    const parameters = unpack(point);
    if (parameters === undefined || (point[1] ?? 0) > 1.5 * most) return Number.POSITIVE_INFINITY;
    let sum = 0;
    for (const [index, observation] of observations.entries()) {
      sum += (weights[index] as number) * logError(parameters, observation) ** 2;
    }
    // Beyond the cap the loss is flat; a slope leads back.
    return sum + 1e-6 * Math.max(0, (point[1] ?? 0) - most);
  };
  const starts =
    start === undefined
      ? coldStarts(least, most, least - handler, free)
      : [[Math.log(start.demandSeconds), start.servers, thirdOf(start, free)]];
  const step = [0.05, -0.15, free.delay ? 0.1 * least : 0.01];
  const dimensions = free.contention || free.delay ? 3 : 2;
  let best: { readonly at: readonly number[]; readonly value: number } | undefined;
  for (const from of starts) {
    const found = minimize(
      loss,
      from.slice(0, dimensions),
      step.slice(0, dimensions),
      start === undefined ? 400 : 160,
    );
    if (best === undefined || found.value < best.value) best = found;
  }
  const parameters = unpack(best?.at ?? []) as MeanParameters;
  return {
    variant,
    parameters,
    loss: best?.value ?? Number.POSITIVE_INFINITY,
    residuals: observations.map((observation) => logError(parameters, observation)),
  };
}

function thirdOf(start: MeanParameters, free: (typeof VARIANTS)[Variant]): number {
  return free.contention ? start.contention : free.delay ? start.delaySeconds : 0;
}

function coldStarts(
  least: number,
  most: number,
  mostDelay: number,
  free: (typeof VARIANTS)[Variant],
): number[][] {
  const servers = [1, 1.5, 2, 3, 4, 6, 8, 12, 16, 32]
    .filter((count) => count < most)
    .concat(most * 0.95, most);
  const thirds = free.contention ? [0.005, 0.05] : free.delay ? [0.05 * mostDelay, 0.5 * mostDelay] : [0];
  return servers.flatMap((count) =>
    thirds.map((third) => [Math.log(least - (free.delay ? third : 0)), count, third]),
  );
}

const VARIATION = { demandVariation: 0, waitVariation: 0 };

function logError(parameters: MeanParameters, observation: Observation): number {
  const { users, thinkTimeSeconds, uncutMeanSeconds } = observation;
  const predicted = predictCell(
    { ...parameters, ...VARIATION },
    users,
    thinkTimeSeconds,
    Number.POSITIVE_INFINITY,
  );
  return Math.log(predicted.meanUncutSeconds / uncutMeanSeconds);
}
