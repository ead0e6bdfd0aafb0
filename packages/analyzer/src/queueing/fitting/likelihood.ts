import { loss, type ModelParameters, totalDemand } from "../station/parameters.ts";
import { demandAt } from "../station/sizes.ts";
import type { Observation } from "./observation.ts";
import { logSteadyMean, logSteadySplit, type RunResponse } from "./run-response.ts";
import type { Split } from "./split.ts";
import type { StationDraw } from "./variant.ts";

/** An observation, and how its run responds to the station. */
export interface Comparison {
  readonly seen: Observation;
  /** ln of the measured mean, and how much it counts: 0..1. */
  readonly logMeasured: number;
  readonly weight: number;
  readonly response: RunResponse;
  /** Of the cell with the fewest users; absent: handlers reported no times. */
  readonly lightestHandlerSeconds?: number;
  /** Processor time per request in the cells with the fewest users, on average; absent: not known. */
  readonly lightestCpuSeconds?: number;
  /** The parts of the round trip, and ln of their ratio as measured; absent: not known. */
  readonly split?: { readonly parts: Split; readonly logMeasured: number };
}

/** Simulated runs show no mean closer than this. */
const MODEL_ERROR = 0.002;
/** Handler times may exceed the modelled time on the host by this share. */
const HANDLER_TOLERANCE = 0.01;
/** Standard deviation of the logarithm of handler times relative to those of the lightest cell. */
const HANDLER_ERROR = 0.2;
/** Processor time per request may grow by this much without a reason, and is then known this well (logarithm). */
const CPU_TOLERANCE = 0.02;
const CPU_ERROR = 0.03;
/** The ratio of the two parts of a round trip is known this well (logarithm). */
const SPLIT_ERROR = 0.05;
/** A simulation says little about stations whose steady mean differs by more (logarithm) from the simulated one. */
const NEAR = 0.25;
const FAR_PENALTY = 20;

/** ln of the density of what was observed, at a station. */
export function logLikelihood(comparison: Comparison, draw: StationDraw): number {
  const { seen, response, weight } = comparison;
  const change = logSteadyMean(draw.parameters, seen, response.excess) - response.logSteady;
  const logMean = response.logMean + response.logSlope * change;
  return (
    weight * meanTerm(comparison, draw, logMean) +
    successTerm(comparison, draw, change) +
    handlerTerm(comparison, draw, logMean) +
    processorTerm(comparison, draw, logMean) +
    splitTerm(comparison, draw, logMean) -
    (response.isSimulated ? FAR_PENALTY * (Math.max(0, Math.abs(change) - NEAR) / NEAR) ** 2 : 0)
  );
}

/** ln(predicted ÷ measured mean). */
export function residual({ seen, response, logMeasured }: Comparison, { parameters }: StationDraw): number {
  const change = logSteadyMean(parameters, seen, response.excess) - response.logSteady;
  return response.logMean + response.logSlope * change - logMeasured;
}

function meanTerm(
  { seen, response, logMeasured }: Comparison,
  { runErrorRatio }: StationDraw,
  logMean: number,
): number {
  const own = response.logError ** 2 + MODEL_ERROR ** 2;
  return logNormal(logMean - logMeasured, (own + (response.logSlope * runErrorRatio) ** 2) / seen.runs);
}

function successTerm({ seen, response }: Comparison, { runErrorRatio }: StationDraw, change: number): number {
  if (!response.isSimulated || (seen.cutRequests === 0 && response.success === 1)) return 0;
  const success = Math.min(1, Math.max(0, response.success + response.successSlope * change));
  const variance = response.successError ** 2 + (response.successSlope * runErrorRatio) ** 2;
  return logNormal(success - seen.modelSuccessRate, variance / seen.runs);
}

/**
 * A handler works on the host, so it takes no longer than requests are there. If requests share the host, it slows
 * down as they do; if they queue, it does not.
 */
function handlerTerm(
  { seen: { handlerSeconds, meanUnits }, lightestHandlerSeconds }: Comparison,
  { parameters }: StationDraw,
  logMean: number,
): number {
  if (handlerSeconds === undefined || lightestHandlerSeconds === undefined) return 0;
  // Of two stations, splitTerm() says where the handler's time belongs.
  if (parameters.other !== undefined) return 0;
  const onHost = Math.max(Math.exp(logMean) - parameters.delaySeconds, 1e-3 * handlerSeconds);
  const excess = Math.max(0, Math.log(handlerSeconds / onHost) - HANDLER_TOLERANCE);
  const demand = meanUnits === undefined ? parameters.demandSeconds : demandAt(parameters, meanUnits);
  const stretch =
    parameters.discipline === "first-come"
      ? demand / parameters.demandSeconds
      : Math.max(demand, onHost) / parameters.demandSeconds;
  const miss = Math.log(stretch / (handlerSeconds / lightestHandlerSeconds));
  return -((excess / HANDLER_TOLERANCE) ** 2) - (miss / HANDLER_ERROR) ** 2 / 2;
}

/** If requests compute for longer when they are together, they slow each other down by at least as much. */
function processorTerm(
  { seen: { functionCpu, activeUsers, thinkTimeSeconds }, lightestCpuSeconds }: Comparison,
  { parameters }: StationDraw,
  logMean: number,
): number {
  if (functionCpu === undefined || lightestCpuSeconds === undefined) return 0;
  const { delaySeconds } = parameters;
  const mean = Math.exp(logMean);
  const together = (activeUsers * (mean - delaySeconds)) / (mean + thinkTimeSeconds);
  const computing = Math.min(1, lightestCpuSeconds / totalDemand(parameters));
  const growth = computing * Math.max(0, functionCpu.secondsPerRequest / lightestCpuSeconds - 1);
  const excess = Math.max(0, Math.log1p(growth) - Math.log(loss(parameters, together)) - CPU_TOLERANCE);
  return -((excess / CPU_ERROR) ** 2) / 2;
}

/** Where the parts of the round trip are spent. */
function splitTerm(
  { seen, response, split }: Comparison,
  { parameters }: StationDraw,
  logMean: number,
): number {
  if (split === undefined) return 0;
  const logRatio =
    parameters.other === undefined
      ? logSplitAtOne(parameters, split.parts, Math.exp(logMean))
      : response.logSplit + logSteadySplit(parameters, seen) - response.logSteadySplit;
  return logNormal(logRatio - split.logMeasured, (SPLIT_ERROR ** 2 + response.splitError ** 2) / seen.runs);
}

/**
 * ln(growing part ÷ other part) if there is one station: under sharing, all times on it grow alike, and only a delay,
 * which belongs to the rest, does not; in a queue, the reported time does not grow.
 */
function logSplitAtOne(
  { discipline, delaySeconds }: ModelParameters,
  { growing, lightSeconds: light }: Split,
  meanSeconds: number,
): number {
  const lightMean = light.growing + light.other;
  const lightPart = growing === "part" ? light.growing : light.other;
  const stretch =
    discipline === "first-come" ? 1 : (meanSeconds - delaySeconds) / Math.max(lightMean - delaySeconds, TINY);
  const part = Math.min((1 - TINY) * meanSeconds, Math.max(TINY * meanSeconds, lightPart * stretch));
  const ratio = Math.log(part / (meanSeconds - part));
  return growing === "part" ? ratio : -ratio;
}

const TINY = 1e-3;

const logNormal = (miss: number, variance: number): number =>
  -(miss ** 2) / (2 * variance) - Math.log(variance) / 2;
