import type { Start } from "./fit.ts";
import { type Observation, workVariation } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { predictCell } from "./predict-cell.ts";

/** Where too little waiting was seen to say: waiting varies by a third of itself. */
const PRIOR_WAIT_VARIATION = 1 / 3;
/** Variations of the work that are tried. */
const DEMANDS = Array.from({ length: 123 }, (_, step) => 0.005 * 1.05 ** step);
/** The prior counts as much as one observation. */
const PRIOR_WEIGHT = 1;

/**
 * Fits the two variations to the observed standard deviations, in logarithms, weighted by clients.
 * Where requests are served as they come, the work's own variation is what the factors were found with.
 */
export function fitVariation(
  { parameters: means, factors }: Start,
  observations: readonly Observation[],
): ModelParameters {
  const solved = observations.map((observation) => ({
    weight: observation.users * (1 - observation.cutFrames / observation.frames),
    stdev: Math.max(observation.stdevSeconds, 1e-6),
    waiting: Math.max(
      0,
      predictCell(
        { ...means, demandVariation: 0, waitVariation: 0 },
        observation.users,
        observation.thinkTimeSeconds,
        Number.POSITIVE_INFINITY,
        factors(observation.users, observation.thinkTimeSeconds),
      ).meanUncutSeconds -
        means.delaySeconds -
        means.demandSeconds,
    ),
  }));
  let best = { loss: Number.POSITIVE_INFINITY, demandVariation: 0.05, waitVariation: PRIOR_WAIT_VARIATION };
  // Two bounded parameters and a smooth loss: a grid is exact enough and cannot fail.
  for (const demand of means.discipline === undefined ? DEMANDS : [workVariation(observations)]) {
    for (let wait = 0.01; wait < 3; wait *= 1.06) {
      let loss = PRIOR_WEIGHT * Math.log(wait / PRIOR_WAIT_VARIATION) ** 2;
      for (const { weight, stdev, waiting } of solved) {
        loss += weight * Math.log(Math.hypot(demand * means.demandSeconds, wait * waiting) / stdev) ** 2;
      }
      if (loss < best.loss) best = { loss, demandVariation: demand, waitVariation: wait };
    }
  }
  return { ...means, demandVariation: best.demandVariation, waitVariation: best.waitVariation };
}
