import { createRandom } from "../../stats/random.ts";
import { average } from "../numeric/average.ts";
import { minimize } from "../numeric/nelder-mead.ts";
import { type Sample, sampleEnsemble } from "../numeric/sample-ensemble.ts";
import { spread } from "../numeric/spread.ts";
import type { KnownTerms } from "../station/parameters.ts";
import { KneeSpace } from "./knee-space.ts";
import { type Comparison, logLikelihood, residual } from "./likelihood.ts";
import type { Observation } from "./observation.ts";
import { simulateResponse, steadyResponse } from "./run-response.ts";
import { logSplit, type Split } from "./split.ts";
import { type Point, type SearchSpace, STEPS, StationSpace } from "./station-space.ts";
import { TwoStationSpace } from "./two-station-space.ts";
import type { StationDraw, Variant } from "./variant.ts";
import { estimateWaitVariation } from "./wait-variation.ts";

export interface VariantFit {
  /** How plausible the variant is before the cells are looked at; the weights of alternatives add up to 1. */
  readonly priorWeight: number;
  /** The most plausible station. */
  readonly best: StationDraw;
  readonly draws: readonly StationDraw[];
  /** Of each observation: ln of its probability density, predicted from all the others. */
  readonly leaveOneOut: readonly number[];
  /** ln(predicted ÷ measured mean) of each observation, at the most plausible station. */
  readonly residuals: readonly number[];
}

export interface VariantOptions {
  readonly limitSeconds: number;
  readonly seed: number;
  /** Plausible stations that are wanted. */
  readonly draws: number;
  readonly terms?: KnownTerms;
  /** The parts of the round trip that do not wait alike; absent: none do. */
  readonly split?: Split;
}

/** Simulation and search depend on each other; they settle within a few rounds. */
const ROUNDS = 4;
const MAX_EVALUATIONS = 300;
const WALKERS = 24;
/** Sweeps of the walkers per wanted draw: enough to forget where they started, and for draws that differ. */
const SWEEPS_PER_DRAW = 1.5;
const MIN_SWEEPS = 60;
const MAX_SWEEPS = 300;
/** Simulated requests per round, and runs per cell. */
const REQUESTS_PER_ROUND = 60_000;
const MIN_RUNS = 4;
const MAX_RUNS = 16;

/**
 * Finds the stations of one variant that explain the observations. Alternately searches the most plausible station and
 * simulates the runs there; then draws plausible stations from the posterior distribution.
 */
export function fitVariant(
  observations: readonly Observation[],
  variant: Variant,
  { limitSeconds, seed, draws: wanted, terms, split }: VariantOptions,
): VariantFit {
  const space = spaceOf(observations, variant, terms);
  const options = {
    limitSeconds,
    timeoutBehaviour: variant.timeoutBehaviour,
    runs: runsPerCell(observations),
  };
  let comparisons = observations.map((seen) => compareSteady(seen, split));
  let at = search(space, comparisons, space.coldStarts());
  const lightestHandlerSeconds = lightestHandler(observations);
  const lightestCpuSeconds = lightestCpu(observations);
  for (let round = 0; round < ROUNDS; round++) {
    const { parameters } = space.stationAt(at);
    comparisons = observations.map((seen) => ({
      ...{ seen, logMeasured: Math.log(seen.modelMeanSeconds), weight: 1 },
      response: simulateResponse(parameters, seen, options),
      ...(lightestHandlerSeconds !== undefined && { lightestHandlerSeconds }),
      ...(lightestCpuSeconds !== undefined && { lightestCpuSeconds }),
      ...compareSplit(seen, split),
    }));
    at = search(space, comparisons, [at]);
    space.waitVariation = estimateWaitVariation(space.stationAt(at).parameters, comparisons);
  }
  const samples = sample(space, comparisons, at, { seed, sweeps: sweepsFor(wanted) });
  const best = space.stationAt(at);
  const draws = samples.map((one) => space.stationAt(one.at));
  return {
    priorWeight: space.priorWeight,
    best,
    draws,
    leaveOneOut: comparisons.map((one) => leaveOneOut(draws.map((draw) => logLikelihood(one, draw)))),
    residuals: comparisons.map((one) => residual(one, best)),
  };
}

function spaceOf(
  observations: readonly Observation[],
  variant: Variant,
  terms: KnownTerms | undefined,
): SearchSpace {
  if (variant.split !== undefined) return new TwoStationSpace(observations, variant, variant.split);
  return new (variant.hasKnee ? KneeSpace : StationSpace)(observations, variant, terms);
}

/** A steady state without time-outs; a cell in which most requests timed out says little about it. */
function compareSteady(seen: Observation, split: Split | undefined): Comparison {
  return {
    seen,
    logMeasured: Math.log(seen.uncutMeanSeconds),
    weight: (1 - seen.cutRequests / seen.requests) ** 2,
    response: steadyResponse(seen),
    ...compareSplit(seen, split),
  };
}

function compareSplit(seen: Observation, parts: Split | undefined): Pick<Comparison, "split"> {
  const logMeasured = parts && logSplit(seen, parts);
  return parts === undefined || logMeasured === undefined ? {} : { split: { parts, logMeasured } };
}

function lightestHandler(observations: readonly Observation[]): number | undefined {
  return observations.reduce((a, b) => (b.users < a.users ? b : a)).handlerSeconds;
}

function lightestCpu(observations: readonly Observation[]): number | undefined {
  const known = observations.filter(({ functionCpu }) => functionCpu !== undefined);
  const least = Math.min(...known.map(({ users }) => users));
  const times = known.flatMap(({ users, functionCpu }) => (users === least ? (functionCpu ?? []) : []));
  return times.length === 0 ? undefined : average(times.map(({ secondsPerRequest }) => secondsPerRequest));
}

function runsPerCell(observations: readonly Observation[]): number {
  const requests = observations.reduce((sum, { users, plan }) => sum + users * plan.requestsPerUser, 0);
  return Math.min(MAX_RUNS, Math.max(MIN_RUNS, Math.floor(REQUESTS_PER_ROUND / requests)));
}

/** ln of prior × likelihood. */
const posterior = (space: SearchSpace, comparisons: readonly Comparison[]) => (point: Point) => {
  const prior = space.logPrior(point);
  if (prior === Number.NEGATIVE_INFINITY) return prior;
  const station = space.stationAt(point);
  return comparisons.reduce((sum, one) => sum + logLikelihood(one, station), prior);
};

function search(space: SearchSpace, comparisons: readonly Comparison[], starts: readonly Point[]): Point {
  const density = posterior(space, comparisons);
  return starts
    .map((from) => minimize((point) => -density(point), from, STEPS, MAX_EVALUATIONS))
    .reduce((a, b) => (b.value < a.value ? b : a)).at;
}

const sweepsFor = (draws: number) =>
  Math.min(MAX_SWEEPS, Math.max(MIN_SWEEPS, Math.ceil(SWEEPS_PER_DRAW * draws)));

function sample(
  space: SearchSpace,
  comparisons: readonly Comparison[],
  centre: Point,
  { seed, sweeps }: { readonly seed: number; readonly sweeps: number },
): readonly Sample[] {
  const random = createRandom(seed);
  const walkers = Array.from({ length: WALKERS }, (_, index) =>
    centre.map((value, axis) => value + (index === 0 ? 0 : 0.5 * (STEPS[axis] as number) * (random() - 0.5))),
  );
  const samples = sampleEnsemble(posterior(space, comparisons), walkers, sweeps, random);
  // Neighbours are nearly alike.
  return spread(samples, MAX_DRAWS);
}

/** Draws that are kept. */
const MAX_DRAWS = 500;

/**
 * ln of an observation's density, predicted from the others: its density averaged over the draws, each weighted by
 * the reciprocal of that density, up to a limit.
 * @param logs ln of its density at each draw
 * @see Ionides 2008, Truncated importance sampling; Vehtari, Gelman, Gabry 2017, Statistics and Computing 27
 */
function leaveOneOut(logs: readonly number[]): number {
  const least = Math.min(...logs);
  const raw = logs.map((log) => Math.exp(least - log));
  const most = (raw.reduce((sum, one) => sum + one, 0) / raw.length) * Math.sqrt(raw.length);
  let [weights, densities] = [0, 0];
  for (const [index, log] of logs.entries()) {
    const weight = Math.min(raw[index] as number, most);
    weights += weight;
    densities += weight * Math.exp(Math.min(log - least, MAX_LOG));
  }
  return least + Math.log(densities / weights);
}

/** exp() of more overflows. */
const MAX_LOG = 700;
