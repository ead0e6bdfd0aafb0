import { solveClosed } from "./closed-network.ts";
import { type CutSystem, responseUnderCuts } from "./cut-feedback.ts";
import { firstComeFactor } from "./first-come.ts";
import { leastResponse, type ModelParameters, mostPerSecond, serviceRate } from "./parameters.ts";
import {
  meanOverClasses,
  meanResponse,
  type ResponseClass,
  type ResponseTime,
  responseStdev,
} from "./response-time.ts";
import type { TimeoutBehaviour } from "./simulate.ts";
import { demandAt } from "./sizes.ts";
import { applyTimeLimit } from "./time-limit.ts";

/** Steady-state means of one condition, with the time limit applied. */
export interface CellPrediction {
  /** As clients see it: timed-out requests count with the limit. */
  readonly meanRoundTripSeconds: number;
  /** Without a time limit. */
  readonly meanUncutSeconds: number;
  /** Standard deviation of one round trip without a limit. */
  readonly stdevSeconds: number;
  readonly successRate: number;
  /** Successful requests per second. */
  readonly throughputPerSecond: number;
}

export interface Circumstances {
  /** Absent: time-outs cancel the request. */
  readonly timeoutBehaviour?: TimeoutBehaviour;
  /** How much slower this run is than the average run; absent: 1. */
  readonly shift?: number;
}

/** A prediction with its underlying distributions. */
export interface SolvedCell {
  readonly prediction: CellPrediction;
  /** One round trip without a limit, under the load that results from time-outs. */
  readonly response: ResponseTime;
  /** Standard deviation of one round trip as clients see it. */
  readonly cutStdevSeconds: number;
}

/**
 * Predicts one condition from the model's parameters.
 * @param factor the result of firstComeFactor(), if it is known already (it may take a simulation)
 */
export function predictCell(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
  limitSeconds: number,
  factor = firstComeFactor(parameters, users, thinkTimeSeconds),
): CellPrediction {
  return solveCell(parameters, users, thinkTimeSeconds, limitSeconds, factor).prediction;
}

/** As predictCell(), under circumstances that are not model parameters. */
export function solveCell(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
  limitSeconds: number,
  factor: number,
  circumstances: Circumstances = {},
): SolvedCell {
  const home = thinkTimeSeconds + parameters.delaySeconds;
  const uncut = stationSeconds(parameters, users, home, factor);
  // The factor belongs to the users' own time away; with a longer one they do not wait longer.
  const respond = (away: number) =>
    away > home
      ? Math.min(uncut, stationSeconds(parameters, users, away, 1))
      : stationSeconds(parameters, users, away, factor);
  return solveWith(respond, parameters, users, thinkTimeSeconds, limitSeconds, circumstances);
}

/**
 * R: mean time at the station for a given time away between requests, no limit applied.
 * @param factor as for predictCell()
 */
export function stationSeconds(
  parameters: Omit<ModelParameters, "demandVariation" | "waitVariation">,
  users: number,
  awaySeconds: number,
  factor: number,
): number {
  const shared = solveClosed(users, awaySeconds, (n) => serviceRate(parameters, n)).responseSeconds;
  // A factor computed for other parameters may be too small for these.
  return Math.max(factor * shared, leastResponse(parameters, users, awaySeconds));
}

/** Lower bound of the mean round trip with the limit applied. */
export function leastRoundTrip(
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
  limitSeconds: number,
): number {
  const least = (away: number) => leastResponse(parameters, users, away);
  return solveWith(least, parameters, users, thinkTimeSeconds, limitSeconds, {}).prediction
    .meanRoundTripSeconds;
}

function solveWith(
  respond: (awaySeconds: number) => number,
  parameters: ModelParameters,
  users: number,
  thinkTimeSeconds: number,
  limitSeconds: number,
  { timeoutBehaviour = "cancelled", shift = 1 }: Circumstances,
): SolvedCell {
  const { delaySeconds } = parameters;
  const classes = classesOf(parameters);
  const timeOf = (response: number): ResponseTime => ({
    delaySeconds: shift * delaySeconds,
    demandSeconds: shift * parameters.demandSeconds,
    waitingSeconds: Math.max(0, response - shift * parameters.demandSeconds),
    demandVariation: parameters.demandVariation,
    waitVariation: parameters.waitVariation,
    ...(classes !== undefined && { classes }),
  });
  const free = timeOf(shift * respond(thinkTimeSeconds + delaySeconds));
  const system: CutSystem = {
    users,
    thinkSeconds: thinkTimeSeconds,
    delaySeconds: shift * delaySeconds,
    // A slower run is slower as a whole: the shift applies to the result, not to a parameter.
    respond: (away) => shift * respond(Math.max(0, away - (shift - 1) * delaySeconds)),
    crowded: (requests) => (shift * requests) / serviceRate(parameters, requests),
    mostPerSecond: mostPerSecond(parameters) / shift,
    cutMean: (response) => applyTimeLimit(timeOf(response), limitSeconds).cutMeanSeconds,
    limitSeconds,
  };
  const response =
    limitSeconds === Number.POSITIVE_INFINITY ? free : timeOf(responseUnderCuts(system, timeoutBehaviour));
  const { cutMeanSeconds, cutStdevSeconds, successRate } = applyTimeLimit(response, limitSeconds);
  return {
    prediction: {
      meanRoundTripSeconds: cutMeanSeconds,
      meanUncutSeconds: meanResponse(free),
      stdevSeconds: responseStdev(free),
      successRate,
      throughputPerSecond: (users * successRate) / (cutMeanSeconds + thinkTimeSeconds),
    },
    response,
    cutStdevSeconds,
  };
}

/** Sharing lengthens each request by the same factor; in a queue, a request of any size waits as long. */
function classesOf(parameters: ModelParameters): readonly ResponseClass[] | undefined {
  const { sizes, demandSeconds, discipline } = parameters;
  if (sizes === undefined || sizes.classes.length < 2) return undefined;
  const classes = sizes.classes.map(({ share, units }) => ({
    share,
    ratio: demandAt(parameters, units) / demandSeconds,
  }));
  // Other than 1 only if the line falls below the minimum demand.
  const mean = meanOverClasses(classes, ({ ratio }) => ratio);
  return classes.map(({ share, ratio }) => ({
    share,
    demandRatio: ratio / mean,
    waitRatio: discipline === "first-come" ? 1 : ratio / mean,
  }));
}
