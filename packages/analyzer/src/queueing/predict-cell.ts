import { type ClosedSolution, solveClosed } from "./closed-network.ts";
import { firstComeFactor, leastResponse } from "./first-come.ts";
import { type ModelParameters, serviceRate } from "./parameters.ts";
import { applyTimeLimit } from "./time-limit.ts";

/** Steady-state means of one condition, with what the time limit makes of them. */
export interface CellPrediction {
  /** As clients see it: requests cut at the limit counted with it. */
  readonly meanRoundTripSeconds: number;
  readonly meanUncutSeconds: number;
  /** Standard deviation of one uncut round trip. */
  readonly stdevSeconds: number;
  readonly successRate: number;
  /** Answered frames per second. */
  readonly throughputPerSecond: number;
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
  const away = thinkTimeSeconds + parameters.delaySeconds;
  const solved: ClosedSolution = solveClosed(users, away, (n) => serviceRate(parameters, n));
  // A factor of other parameters may be too small for these.
  const response = Math.max(factor * solved.responseSeconds, leastResponse(parameters, users, away));
  const uncut = parameters.delaySeconds + response;
  const stdev = responseStdev(parameters, response);
  const { cutMeanSeconds, successRate } = applyTimeLimit(uncut, stdev, limitSeconds);
  return {
    meanRoundTripSeconds: cutMeanSeconds,
    meanUncutSeconds: uncut,
    stdevSeconds: stdev,
    successRate,
    throughputPerSecond: (users * successRate) / (cutMeanSeconds + thinkTimeSeconds),
  };
}

/**
 * σ of one response: the work's own variation and that of its waiting, taken as independent.
 * σ² = (cv S)² + (κ W)², W = R − S
 */
export function responseStdev(parameters: ModelParameters, responseSeconds: number): number {
  const { demandSeconds, demandVariation, waitVariation } = parameters;
  const waiting = Math.max(0, responseSeconds - demandSeconds);
  return Math.hypot(demandVariation * demandSeconds, waitVariation * waiting);
}
