import { stdev } from "../../stats/stdev.ts";
import { average } from "../numeric/average.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { type SimulatedRun, simulateRun } from "../station/run.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";
import { withMeanUnits, withTimesDemand } from "../station/sizes.ts";
import { mainShare, steadyRange } from "../station/steady-state.ts";
import type { Observation } from "./observation.ts";

/**
 * How the figures of one condition's run follow from the station's parameters, near those at which it was simulated.
 * The steady state shows how the mean changes with the parameters; the simulation adds what is particular to the run.
 */
export interface RunResponse {
  readonly isSimulated: boolean;
  /** Position of the mean between its lower bound (0) and product form (1): constant think times make users queue less. */
  readonly excess: number;
  /** ln of the steady mean at the simulated parameters. */
  readonly logSteady: number;
  /** ln of the run's mean there, and its change per change of the steady mean's logarithm. */
  readonly logMean: number;
  readonly logSlope: number;
  readonly success: number;
  readonly successSlope: number;
  /** Coefficient of variation of the round trips. */
  readonly variation: number;
  /** Standard deviation of ln of a run's mean, and of its success rate, by chance within the run. */
  readonly logError: number;
  readonly successError: number;
  /** Of two stations: ln(time at the one ÷ time at the other) in the run and in steady state, and its chance error. */
  readonly logSplit: number;
  readonly logSteadySplit: number;
  readonly splitError: number;
}

/** Relative change of the demand for the slopes. */
const STEP = 0.05;
/** A run repeats no closer than this. */
const MIN_ERROR = 0.003;
const MIN_SUCCESS_ERROR = 0.01;
/** If bound and product form are closer than this, relative to the mean, nothing lies between them. */
const NARROW = 0.005;
const MAX_EXCESS = 4;
const MAX_SLOPE = 3;
/** Of a run in which all requests time out at one of two stations, a share that still has a logarithm. */
const MIN_SHARE = 1e-3;

/** The response before anything is simulated: a steady state in which nothing times out. */
export const steadyResponse = ({ relativeError }: Observation): RunResponse => ({
  ...{ isSimulated: false, excess: 1, logSteady: 0, logMean: 0, logSlope: 1, variation: 0 },
  ...{ success: 1, successSlope: 0, logError: relativeError, successError: 1 },
  ...{ logSplit: 0, logSteadySplit: 0, splitError: 0 },
});

/** ln of the steady mean round trip of an observation's condition. */
export function logSteadyMean(
  parameters: Omit<ModelParameters, "demandVariation">,
  seen: Pick<Observation, "activeUsers" | "thinkTimeSeconds" | "meanUnits">,
  excess: number,
): number {
  const own = withMeanUnits(parameters, seen.meanUnits);
  const { least, shared } = steadyRange(own, seen.activeUsers, seen.thinkTimeSeconds + own.delaySeconds);
  return Math.log(own.delaySeconds + least + excess * (shared - least));
}

/** ln(time at the one station ÷ time at the other), of two stations in steady state. */
export const logSteadySplit = (
  parameters: Omit<ModelParameters, "demandVariation">,
  { activeUsers, thinkTimeSeconds }: Pick<Observation, "activeUsers" | "thinkTimeSeconds">,
): number => logit(mainShare(parameters, activeUsers, thinkTimeSeconds + parameters.delaySeconds));

const logit = (share: number): number => Math.log(share / (1 - share));

/** Simulates `runs` runs of the condition, and half of them once more with a slower host. */
export function simulateResponse(
  parameters: ModelParameters,
  seen: Observation,
  {
    limitSeconds,
    timeoutBehaviour,
    runs,
  }: { limitSeconds: number; timeoutBehaviour: TimeoutBehaviour; runs: number },
): RunResponse {
  const own = withMeanUnits(parameters, seen.meanUnits);
  const { users, thinkTimeSeconds, plan } = seen;
  const run = (slowdown: number, seed: number) =>
    simulateRun(own, plan, {
      ...{ users, thinkTimeSeconds, limitSeconds, timeoutBehaviour, slowdown, seed },
      isWarm: true,
    });
  const usual = Array.from({ length: runs }, (_, seed) => run(1, seed + 1));
  const half = Math.ceil(runs / 2);
  const slower = Array.from({ length: half }, (_, seed) => run(1 + STEP, seed + 1));
  const means = usual.map(({ meanSeconds }) => meanSeconds);
  const successes = usual.map(({ successRate }) => successRate);
  const mean = average(means);

  const { least, shared } = steadyRange(own, seen.activeUsers, thinkTimeSeconds + own.delaySeconds);
  const isNarrow = shared - least < NARROW * shared;
  const found = (mean - own.delaySeconds - least) / (shared - least);
  const excess = isNarrow ? 1 : Math.min(MAX_EXCESS, Math.max(0, found));
  const logSteady = logSteadyMean(parameters, seen, excess);
  const slow = {
    ...withTimesDemand(parameters, 1 + STEP),
    delaySeconds: (1 + STEP) * parameters.delaySeconds,
  };
  const change = logSteadyMean(slow, seen, excess) - logSteady;
  const logChange = Math.log(average(slower.map((one) => one.meanSeconds)) / average(means.slice(0, half)));
  const successChange = average(slower.map((one) => one.successRate)) - average(successes.slice(0, half));
  return {
    isSimulated: true,
    excess,
    logSteady,
    logMean: Math.log(mean),
    logSlope: Math.min(MAX_SLOPE, Math.max(0, logChange / change)),
    success: average(successes),
    successSlope: Math.min(0, successChange / change),
    variation: average(usual.map((one) => deviation(one.roundTripSeconds) / one.meanSeconds)),
    logError: Math.max(MIN_ERROR, deviation(means) / mean),
    successError: Math.max(MIN_SUCCESS_ERROR, deviation(successes)),
    ...splitOf(parameters, seen, usual),
  };
}

function splitOf(
  parameters: ModelParameters,
  seen: Observation,
  runs: readonly SimulatedRun[],
): Pick<RunResponse, "logSplit" | "logSteadySplit" | "splitError"> {
  if (parameters.other === undefined) return { logSplit: 0, logSteadySplit: 0, splitError: 0 };
  const splits = runs.map(({ mainShare: share }) =>
    logit(Math.min(1 - MIN_SHARE, Math.max(MIN_SHARE, share))),
  );
  return {
    ...{ logSplit: average(splits), splitError: deviation(splits) },
    logSteadySplit: logSteadySplit(parameters, seen),
  };
}

const deviation = (values: ArrayLike<number>): number => stdev(values) ?? 0;
