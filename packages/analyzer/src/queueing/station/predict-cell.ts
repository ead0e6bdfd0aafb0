import { solveClosed } from "./closed-network.ts";
import { type CutSystem, responseUnderCuts, type TimeoutBehaviour } from "./cut-feedback.ts";
import { firstComeFactor } from "./first-come.ts";
import { leastResponse, type ModelParameters, mostPerSecond, serviceRate } from "./parameters.ts";
import { meanResponse, type ResponseTime, responseStdev } from "./response-time.ts";
import { applyTimeLimit } from "./time-limit.ts";

/** Steady-state means of one condition, with what the time limit makes of them. */
export interface CellPrediction {
  /** As clients see it: requests cut at the limit counted with it. */
  readonly meanRoundTripSeconds: number;
  /** What it would be without a limit. */
  readonly meanUncutSeconds: number;
  /** Standard deviation of one round trip without a limit. */
  readonly stdevSeconds: number;
  readonly successRate: number;
  /** Answered requests per second. */
  readonly throughputPerSecond: number;
}

export interface Circumstances {
  /** What becomes of a cut request; absent: it leaves the host. */
  readonly timeoutBehaviour?: TimeoutBehaviour;
  /** By how much a run is slower than the mean of all runs; absent: 1. */
  readonly shift?: number;
}

/** A prediction with the distributions that it came from. */
export interface SolvedCell {
  readonly prediction: CellPrediction;
  /** One round trip without a limit, under the load that the cuts leave. */
  readonly response: ResponseTime;
  /** Standard deviation of one round trip as clients see it. */
  readonly cutStdevSeconds: number;
}

/**
 * Predicts one condition from the model's parameters.
 * @param factor what firstComeFactor() gives; given where it is known, since that may be a simulation
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

/** As predictCell(), under circumstances that parameters do not say. */
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
  // The factor is that of the users' own time away; longer away, they wait no longer than that.
  const respond = (away: number) =>
    away > home
      ? Math.min(uncut, stationSeconds(parameters, users, away, 1))
      : stationSeconds(parameters, users, away, factor);
  return solveWith(respond, parameters, users, thinkTimeSeconds, limitSeconds, circumstances);
}

/**
 * R: mean time at the station of users who are away for so long between requests, no limit applied.
 * @param factor as for predictCell()
 */
export function stationSeconds(
  parameters: Omit<ModelParameters, "demandVariation" | "waitVariation">,
  users: number,
  awaySeconds: number,
  factor: number,
): number {
  const shared = solveClosed(users, awaySeconds, (n) => serviceRate(parameters, n)).responseSeconds;
  // A factor of other parameters may be too small for these.
  return Math.max(factor * shared, leastResponse(parameters, users, awaySeconds));
}

/** The mean round trip, cut at the limit, that no system of these parameters can beat. */
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
  const timeOf = (response: number): ResponseTime => ({
    delaySeconds: shift * delaySeconds,
    demandSeconds: shift * parameters.demandSeconds,
    waitingSeconds: Math.max(0, response - shift * parameters.demandSeconds),
    demandVariation: parameters.demandVariation,
    waitVariation: parameters.waitVariation,
  });
  const free = timeOf(shift * respond(thinkTimeSeconds + delaySeconds));
  const system: CutSystem = {
    users,
    thinkSeconds: thinkTimeSeconds,
    delaySeconds: shift * delaySeconds,
    // A slower run is slower as a whole: the shift is of what the model says, not of its parameters.
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
