import type { Condition } from "../../core/condition.ts";
import { formatPercent } from "../../core/format.ts";
import { type Prediction, predict } from "../asking/predict.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import { saturationUsers } from "../station/bounds.ts";

/** What shows how far a prediction may be off. */
export interface ReliabilitySigns {
  /** Width of the mean's 95% interval ÷ the mean. */
  readonly width: number;
  /** Width of the success rate's 95% interval. */
  readonly successWidth: number;
  /** ln(requests at the function at once ÷ most of any fitted cell), both on average, at least 0. */
  readonly extrapolation: number;
  /**
   * How much the prediction depends on a capacity that was hardly seen: ln(4/3 ÷ reach) × ln(predicted mean ÷ mean
   * without load), both at least 0. The reach is that of the fitted cell furthest beyond saturation, 1 at saturation.
   * Of this, the share of plausible hosts whose capacity does not follow from their processor time.
   */
  readonly unseenCapacity: number;
}

/** Of a reach above this, capacity counts as seen. */
const SEEN_REACH = 4 / 3;
const MIN_REACH = 0.9;
/** Requests that are slowed down more tell no more. */
const MAX_SLOWDOWN = 4;

type Fit = Pick<FittedStation, "observations" | "prediction">;

/** The signs of a prediction. */
export function findSigns(fit: Fit, prediction: Prediction): ReliabilitySigns {
  const { meanRoundTripSeconds: mean, interval, successRateInterval } = prediction;
  const { demandSeconds, delaySeconds } = fit.prediction.parameters;
  const slowdown = Math.min(MAX_SLOWDOWN, Math.max(1, mean / (demandSeconds + delaySeconds)));
  const most = Math.max(...fit.observations.map((seen) => inFlight(seen.activeUsers, seen)));
  return {
    width: (interval.high - interval.low) / mean,
    successWidth: successRateInterval.high - successRateInterval.low,
    extrapolation: Math.log(Math.max(1, inFlight(prediction.users, prediction) / most)),
    unseenCapacity:
      Math.log(Math.max(1, SEEN_REACH / reachOf(fit))) *
      Math.log(slowdown) *
      (1 - limitedShare(fit.prediction)),
  };
}

/** Requests at the function at once, on average. */
const inFlight = (
  users: number,
  {
    meanRoundTripSeconds: mean,
    thinkTimeSeconds,
  }: Pick<Prediction, "meanRoundTripSeconds" | "thinkTimeSeconds">,
) => (users * mean) / (mean + thinkTimeSeconds);

/** Share of the plausible hosts that serve what their processors allow. */
const limitedShare = ({ plausible }: Fit["prediction"]) =>
  plausible.filter((draw) => draw.isAtProcessorLimit).length / plausible.length;

/** Users of the fitted cell that is furthest beyond saturation ÷ users at which requests begin to wait there. */
function reachOf({ observations, prediction }: Fit): number {
  const { demandSeconds, servers, delaySeconds } = prediction.parameters;
  const reaches = observations.map(
    ({ activeUsers, thinkTimeSeconds }) =>
      activeUsers / saturationUsers(demandSeconds, servers, thinkTimeSeconds + delaySeconds),
  );
  return Math.max(MIN_REACH, ...reaches);
}

/** Of signValues(): logistic regression on hosts drawn at random (docs/decisions/queueing-model.md). */
const WEIGHTS = [2.75, -1.73, -4.72, -1.34, -6.45] as const;
const WIDTH = { min: 0.036, usual: 0.18, max: 1.8 };

/** A constant, and the signs as numbers that add up. */
export function signValues(signs: ReliabilitySigns): readonly number[] {
  const width = Math.min(WIDTH.max, Math.max(WIDTH.min, signs.width));
  return [1, Math.log(width / WIDTH.usual), signs.successWidth, signs.extrapolation, signs.unseenCapacity];
}

/**
 * How likely a prediction is within 10% of the true mean and within 0.10 of the true success rate.
 * @param values signValues() of it
 */
export function likelyRight(values: readonly number[], weights: readonly number[] = WEIGHTS): number {
  const sum = weights.reduce((all, weight, index) => all + weight * (values[index] as number), 0);
  return 1 / (1 + Math.exp(-sum));
}

/** The predictions that a verdict is about, and how likely they are right on average. */
export interface Reliability {
  readonly expectedShare: number;
  /** Averages over these predictions. */
  readonly signs: ReliabilitySigns;
}

const MAX_LOADS = 15;
/** Enough for the width of intervals. */
const MAX_DRAWS = 40;

/** Predicts loads that were not fitted, up to twice the most fitted users, and estimates how many are right. */
export function findReliability({ observations, prediction }: Fit): Reliability {
  const { draws, plausible } = prediction;
  const some = draws.slice(0, MAX_DRAWS);
  const input = {
    ...prediction,
    draws: some,
    plausible: plausible === draws ? some : plausible.slice(0, MAX_DRAWS),
  };
  const fit = { observations, prediction };
  const signs = predict(loadsOf(fit), input).map((one) => findSigns(fit, one));
  const mean = (of: (one: ReliabilitySigns) => number) => average(signs.map(of));
  return {
    expectedShare: mean((one) => likelyRight(signValues(one))),
    signs: {
      width: mean((one) => one.width),
      successWidth: mean((one) => one.successWidth),
      extrapolation: mean((one) => one.extrapolation),
      unseenCapacity: mean((one) => one.unseenCapacity),
    },
  };
}

function loadsOf({ observations }: Fit): readonly Condition[] {
  const most = Math.max(...observations.map((seen) => seen.users));
  const thinkTimes = [...new Set(observations.map((seen) => seen.thinkTimeSeconds))];
  const fitted = new Set(observations.map((seen) => `${seen.users} ${seen.thinkTimeSeconds}`));
  return thinkTimes.flatMap((thinkTimeSeconds) => {
    const others = Array.from({ length: 2 * most }, (_, index) => index + 1).filter(
      (users) => !fitted.has(`${users} ${thinkTimeSeconds}`),
    );
    return spread(others, Math.max(2, Math.floor(MAX_LOADS / thinkTimes.length))).map((users) => ({
      users,
      thinkTimeSeconds,
    }));
  });
}

/** What makes predictions uncertain, as a sentence: the sign that costs most. */
export function describeUncertainty(signs: ReliabilitySigns): string {
  const costs = signValues(signs).map((value, index) => -value * (WEIGHTS[index] as number));
  const [, ...own] = costs;
  const reasons = [
    `The intervals of predictions are ${formatPercent(signs.width, 0)} of the mean wide on average.`,
    `Some predictions are near the time limit, where the success rate is uncertain (intervals ${formatPercent(signs.successWidth, 0)} wide on average).`,
    "Many of these loads are far beyond the measured ones.",
    "Many of these loads need a capacity that the measured ones hardly reach.",
  ];
  return `${reasons[own.indexOf(Math.max(...own))]} This lowers the verdict most.`;
}

export type TrustLevel = "trust" | "caution" | "do not trust";

/**
 * From this expected share on, a fit is trusted; below the other, it is not. On hosts drawn at random, 90% of the
 * fits above the first were good, and 80% of those below the second were not (cross-validated over hosts).
 */
const TRUSTED = 0.905;
const NOT_TRUSTED = 0.74;

export function levelOf(share: number): TrustLevel {
  if (share >= TRUSTED) return "trust";
  return share < NOT_TRUSTED ? "do not trust" : "caution";
}
