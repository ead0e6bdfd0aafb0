import type { Condition } from "../../core/condition.ts";
import { formatPercent } from "../../core/format.ts";
import { type Prediction, predict } from "../asking/predict.ts";
import type { FittedStation } from "../fitting/fit-station.ts";
import { average } from "../numeric/average.ts";
import { spreadByRatio } from "../numeric/spread.ts";
import { saturationUsers } from "../station/bounds.ts";

/** What shows how far a prediction may be off. */
export interface ReliabilitySigns {
  /** Share of the plausible hosts whose runs come to about the same on average. */
  readonly agreement: number;
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
  const { meanRoundTripSeconds: mean, agreement } = prediction;
  const { demandSeconds, delaySeconds } = fit.prediction.parameters;
  const slowdown = Math.min(MAX_SLOWDOWN, Math.max(1, mean / (demandSeconds + delaySeconds)));
  const most = Math.max(...fit.observations.map((seen) => inFlight(seen.activeUsers, seen)));
  return {
    agreement,
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
const WEIGHTS = [-0.071, 1.048, -0.806, -4.574] as const;
/** An agreement further from one half says no more. */
const MAX_AGREEMENT = 0.98;

/** A constant, and the signs as numbers that add up. */
export function signValues({
  agreement,
  extrapolation,
  unseenCapacity,
}: ReliabilitySigns): readonly number[] {
  const share = Math.min(MAX_AGREEMENT, Math.max(1 - MAX_AGREEMENT, agreement));
  return [1, logit(share), extrapolation, unseenCapacity];
}

/**
 * A probability by logistic regression.
 * @param values signValues() of a prediction: how likely it is within 10% of the true mean and 0.10 of the true success
 * rate. Or mostValues() of a fit: how likely at least nine in ten of its predictions are.
 */
export function likelyRight(values: readonly number[], weights: readonly number[] = WEIGHTS): number {
  const sum = weights.reduce((all, weight, index) => all + weight * (values[index] as number), 0);
  return 1 / (1 + Math.exp(-sum));
}

/** How likely the predictions are right that a verdict is about. */
export interface Reliability {
  /** Share of them that is expected to be right. */
  readonly expectedShare: number;
  /** How likely at least nine in ten of them are right. */
  readonly mostRight: number;
  /** Averages over these predictions. */
  readonly signs: ReliabilitySigns;
}

const MAX_LOADS = 21;
/** Enough for a mean and the agreement. */
const MAX_DRAWS = 40;

/** Predicts loads that were not fitted, up to twice the most fitted users, and estimates how many are right. */
export function findReliability(fit: Fit): Reliability {
  const signs = findLoadSigns(fit);
  const mean = (of: (one: ReliabilitySigns) => number) => average(signs.map(of));
  return {
    ...judgeSigns(signs),
    signs: {
      agreement: mean((one) => one.agreement),
      extrapolation: mean((one) => one.extrapolation),
      unseenCapacity: mean((one) => one.unseenCapacity),
    },
  };
}

/** The signs of each load that a verdict is about. */
export function findLoadSigns({ observations, prediction }: Fit): readonly ReliabilitySigns[] {
  const { draws, plausible } = prediction;
  const some = draws.slice(0, MAX_DRAWS);
  const input = {
    ...prediction,
    draws: some,
    plausible: plausible === draws ? some : plausible.slice(0, MAX_DRAWS),
  };
  const fit = { observations, prediction };
  return predict(loadsOf(fit), input).map((one) => findSigns(fit, one));
}

/** What the verdict learnt: see WEIGHTS and MOST_WEIGHTS. */
export interface VerdictWeights {
  readonly prediction: readonly number[];
  readonly fit: readonly number[];
}

/** Of mostValues(): logistic regression on the same hosts. */
const MOST_WEIGHTS = [-2.084, 1.371] as const;
const LEARNT: VerdictWeights = { prediction: WEIGHTS, fit: MOST_WEIGHTS };

/** As findReliability(), of predictions that were made already. */
export function judgeSigns(
  signs: readonly ReliabilitySigns[],
  { prediction, fit }: VerdictWeights = LEARNT,
): Pick<Reliability, "expectedShare" | "mostRight"> {
  const expectedShare = average(signs.map((one) => likelyRight(signValues(one), prediction)));
  return { expectedShare, mostRight: likelyRight(mostValues(expectedShare), fit) };
}

/**
 * A constant, and the share of predictions that is expected to be right as a number that adds up. Predictions of one fit
 * are right or wrong together, so how likely most of them are does not follow from the share alone: it is learnt too.
 */
export const mostValues = (expectedShare: number): readonly number[] => [1, logit(expectedShare)];

const logit = (share: number) => Math.log(share / (1 - share));

function loadsOf({ observations }: Fit): readonly Condition[] {
  const most = Math.max(...observations.map((seen) => seen.users));
  const thinkTimes = [...new Set(observations.map((seen) => seen.thinkTimeSeconds))];
  const fitted = new Set(observations.map((seen) => `${seen.users} ${seen.thinkTimeSeconds}`));
  return thinkTimes.flatMap((thinkTimeSeconds) => {
    const others = Array.from({ length: 2 * most }, (_, index) => index + 1).filter(
      (users) => !fitted.has(`${users} ${thinkTimeSeconds}`),
    );
    return spreadByRatio(others, Math.max(2, Math.floor(MAX_LOADS / thinkTimes.length))).map((users) => ({
      users,
      thinkTimeSeconds,
    }));
  });
}

/** What makes predictions uncertain, as a sentence: the sign that costs most. */
export function describeUncertainty(signs: ReliabilitySigns): string {
  const best = signValues({ agreement: 1, extrapolation: 0, unseenCapacity: 0 });
  const costs = signValues(signs).map(
    (value, index) => ((best[index] as number) - value) * (WEIGHTS[index] as number),
  );
  const [, ...own] = costs;
  const reasons = [
    `${formatPercent(signs.agreement, 0)} of the plausible hosts come to about the predicted figures.`,
    "Many of these loads are far beyond the measured ones.",
    "Many of these loads need a capacity that the measured ones hardly reach.",
  ];
  return `${reasons[own.indexOf(Math.max(...own))]} This lowers the verdict most.`;
}

export type TrustLevel = "trust" | "caution" | "do not trust";

/**
 * From this probability on that most predictions are right, a fit is trusted; below the other, it is not. On hosts
 * drawn at random, 92% of the fits above the first were good, and 86% of those below the second were not
 * (cross-validated over hosts; the rule: calibration/verdict-weights.ts).
 */
const TRUSTED = 0.79;
const NOT_TRUSTED = 0.17;

/** @param mostRight how likely at least nine in ten predictions are right */
export function levelOf(mostRight: number): TrustLevel {
  if (mostRight >= TRUSTED) return "trust";
  return mostRight < NOT_TRUSTED ? "do not trust" : "caution";
}
