import type { Condition } from "../../core/condition.ts";
import { logSteadyRoundTrip, plausibleStations } from "../asking/steady-means.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import type { Observation } from "../fitting/observation.ts";
import type { PredictionInput } from "../fitting/prediction-input.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import { saturationUsers } from "../station/bounds.ts";
import type { HeldOut } from "./held-out.ts";

/** What a fit shows about the errors of its predictions. */
export interface ReliabilitySigns {
  /** Share of the plausible hosts within 10% of the prediction, averaged over loads up to twice the most fitted users. */
  readonly agreement: number;
  /** Users of the fitted cell that is furthest beyond saturation ÷ users at which requests begin to wait there. */
  readonly reach: number;
  /** Share of those loads at which the mean is near the time limit, where few seconds decide over success. */
  readonly nearLimit: number;
  /** Root mean square of ln(predicted ÷ measured mean) over the fitted cells. */
  readonly misfit: number;
  /** Median error of the held-out cells; absent without any. */
  readonly heldOutMedian?: number;
}

/** Means within this factor of the time limit are near it. */
const NEAR_LIMIT = 1.3;
/** Predictions within this factor of the truth count as right. */
const RIGHT = 1.1;
const MAX_LOADS = 12;
/** Finds the signs of how reliable predictions are, for loads up to twice the most fitted users. */
export function findSigns(
  { observations, fitted, residuals, prediction }: FittedStation,
  heldOut: HeldOut,
): ReliabilitySigns {
  const weights = fitted.map((seen) => (1 - seen.cutRequests / seen.requests) ** 2);
  const squares = residuals.reduce((sum, one, index) => sum + (weights[index] as number) * one ** 2, 0);
  const loads = verdictLoads(observations);
  const { demandSeconds, servers, delaySeconds } = prediction.parameters;
  const reach = observations.map(
    ({ activeUsers, thinkTimeSeconds }) =>
      activeUsers / saturationUsers(demandSeconds, servers, thinkTimeSeconds + delaySeconds),
  );
  return {
    agreement: agreement(loads, prediction),
    reach: Math.max(...reach),
    nearLimit: average(loads.map((load) => Number(isNearLimit(load, prediction)))),
    misfit: Math.sqrt(squares / weights.reduce((sum, one) => sum + one, 0)),
    ...(heldOut.medianErrorRatio !== undefined && { heldOutMedian: heldOut.medianErrorRatio }),
  };
}

/** Loads up to twice the most fitted users, at the fitted think times. */
function verdictLoads(observations: readonly Observation[]): readonly Condition[] {
  const most = Math.max(...observations.map((seen) => seen.users));
  const thinkTimes = [...new Set(observations.map((seen) => seen.thinkTimeSeconds))];
  const users = spread(
    Array.from({ length: 2 * most }, (_, index) => index + 1),
    MAX_LOADS,
  );
  return users.flatMap((count) => thinkTimes.map((thinkTimeSeconds) => ({ users: count, thinkTimeSeconds })));
}

function agreement(loads: readonly Condition[], prediction: PredictionInput): number {
  const stations = plausibleStations(prediction);
  const claimed = prediction.draws.map(({ parameters }) => parameters);
  const shares = loads.map((condition) => {
    const centre = average(claimed.map((station) => logSteadyRoundTrip(station, condition)));
    const isNear = (log: number) => Math.abs(log - centre) <= Math.log(RIGHT);
    return average(stations.map((station) => Number(isNear(logSteadyRoundTrip(station, condition)))));
  });
  return average(shares);
}

function isNearLimit(load: Condition, { parameters, limitSeconds }: PredictionInput): boolean {
  return Math.abs(logSteadyRoundTrip(parameters, load) - Math.log(limitSeconds)) < Math.log(NEAR_LIMIT);
}

/** Of a constant and of signValues(): logistic regression on simulated hosts (docs/decisions/queueing-model.md). */
const CONSTANT = -0.22;
const WEIGHTS = [0.51, 1.27, 0.25, -0.33, -0.39] as const;
/** The signs count within these limits. */
const REACH = { min: 0.5, max: 1.5 };
const MISFIT = { min: 0.015, max: 0.5 };
const HELD_OUT = { min: 0.005, max: 0.5 };
/** Median error that is assumed if there are no held-out cells. */
const UNKNOWN_ERROR = 0.1;

/** The signs as numbers that add up: agreement, reach, nearness of the limit, misfit, held-out error. */
export function signValues(signs: ReliabilitySigns): readonly number[] {
  const { agreement, reach, nearLimit, misfit, heldOutMedian = UNKNOWN_ERROR } = signs;
  return [
    agreement,
    Math.log(within(reach, REACH)),
    nearLimit,
    Math.log(within(misfit, MISFIT) / 0.1),
    Math.log(within(heldOutMedian, HELD_OUT) / 0.1),
  ];
}

const within = (value: number, { min, max }: { readonly min: number; readonly max: number }) =>
  Math.min(max, Math.max(min, value));

/** The share of predictions, for loads up to twice the most fitted users, that is expected to be within 10% of the truth. */
export function expectedShare(signs: ReliabilitySigns): number {
  const values = signValues(signs);
  const sum = WEIGHTS.reduce((all, weight, index) => all + weight * (values[index] as number), CONSTANT);
  return 1 / (1 + Math.exp(-sum));
}

export type TrustLevel = "trust" | "caution" | "do not trust";

/** From this expected share on, a fit is trusted; below the other, it is not. */
const TRUSTED = 0.88;
const NOT_TRUSTED = 0.7;

export function levelOf(share: number): TrustLevel {
  if (share >= TRUSTED) return "trust";
  return share < NOT_TRUSTED ? "do not trust" : "caution";
}
