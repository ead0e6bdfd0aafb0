import { minimize } from "../numeric/nelder-mead.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { stdevOverWaiting } from "../station/response-time.ts";
import { type Start, stationOf } from "./fit.ts";
import { type Observation, workVariation } from "./observation.ts";

/** Prior for the waiting time's coefficient of variation, if too little waiting was observed. */
const PRIOR_WAIT_VARIATION = 1 / 3;
/** The prior weighs as much as one observation. */
const PRIOR_WEIGHT = 1;
/** Grid of variations. */
const MIN_RATIO = 0.005;
const MAX_DEMAND = 2;
const MAX_WAIT = 3;
/** Beyond a factor of e the spread is simply unknown; a larger error adds nothing. */
const MAX_SPREAD_ERROR = 1;

type Variations = Pick<ModelParameters, "demandVariation" | "waitVariation">;

export interface VariationFit {
  readonly parameters: ModelParameters;
  /** Root mean square of ln(fitted / observed standard deviation), weighted by requests. */
  readonly spreadError: number;
}

/**
 * Fits the two variations to the logarithms of the observed standard deviations, weighted by clients.
 * Under first come, first served the demand's variation stays what the factors were computed with.
 * @param start initial variations; absent: a grid search
 */
export function fitVariation(
  { parameters: means, factors }: Start,
  observations: readonly Observation[],
  start?: Variations,
): VariationFit {
  const solved = observations.map((observation) => {
    const { users } = observation;
    const { demandSeconds, responseSeconds } = stationOf(means, observation, factors);
    // If demand and waiting time are scaled by a ratio, so is the standard deviation. Compute at the mean demand.
    const ratio = demandSeconds / means.demandSeconds;
    return {
      weight: users * (1 - observation.cutRequests / observation.requests),
      requests: observation.requests - observation.cutRequests,
      // A fitted standard deviation is never below that of the demand alone.
      stdev: Math.max(observation.stdevSeconds, MIN_RATIO * observation.uncutMeanSeconds),
      ratio,
      waitingSeconds: Math.max(0, responseSeconds - demandSeconds) / ratio,
    };
  });
  const misses = (variations: Variations, by: "weight" | "requests") => {
    const stdevAt = stdevOverWaiting({ ...means, ...variations });
    return solved.reduce(
      (sum, one) => sum + one[by] * Math.log((one.ratio * stdevAt(one.waitingSeconds)) / one.stdev) ** 2,
      0,
    );
  };
  const fixed = means.discipline === undefined ? undefined : bounded(workVariation(observations), MAX_DEMAND);
  const unpack = ([demand = 0, wait = 0]: readonly number[]): Variations => ({
    demandVariation: fixed ?? bounded(Math.exp(demand), MAX_DEMAND),
    waitVariation: bounded(Math.exp(wait), MAX_WAIT),
  });
  const loss = (point: readonly number[]) => {
    const variations = unpack(point);
    const prior = PRIOR_WEIGHT * Math.log(variations.waitVariation / PRIOR_WAIT_VARIATION) ** 2;
    return prior + misses(variations, "weight");
  };
  const from =
    start === undefined ? bestOf(loss) : [start.demandVariation, start.waitVariation].map(Math.log);
  const variations = unpack(minimize(loss, from, [0.1, 0.1], 80).at);
  const requests = solved.reduce((sum, one) => sum + one.requests, 0);
  const error = requests > 0 ? Math.sqrt(misses(variations, "requests") / requests) : 0;
  return {
    parameters: { ...means, ...variations },
    spreadError: Math.min(MAX_SPREAD_ERROR, error),
  };
}

const bounded = (value: number, most: number) => Math.min(most, Math.max(MIN_RATIO, value));

/** The best point of a coarse logarithmic grid, as a starting point. */
function bestOf(loss: (point: readonly number[]) => number): readonly number[] {
  const steps = Array.from({ length: 9 }, (_, step) => Math.log(0.01 * 2 ** step));
  return steps
    .flatMap((demand) => steps.map((wait) => [demand, wait]))
    .map((point) => ({ point, value: loss(point) }))
    .reduce((best, one) => (one.value < best.value ? one : best)).point;
}
