import { median } from "./median.ts";
import { ranks } from "./ranks.ts";
import { findStep, type Step } from "./step-statistic.ts";

/** Robust standard deviations at which a value is clipped. */
const LIMIT = 3;
/** Median absolute deviation × this = standard deviation of normal values. */
const NORMAL = 1.4826;

/**
 * The step of a series in which single spikes count little: values are clipped at three robust standard deviations
 * from the median of their side of a first split, then findStep() is taken. Ranks alone would lose how large a clear
 * step is.
 *
 * The first split is that of the values or that of their ranks, whichever leaves the smaller absolute deviations:
 * spikes mislead the one, many equal ranks the other.
 *
 * @param values in order of time, at least 2 · margin
 * @see Pettitt 1979, Applied Statistics 28(2) (ranks); Huber 1981, Robust Statistics, 1.7 (metrical Winsorizing)
 *
 * @example
 * ```ts
 * findRobustStep([0, 0.1, 0, 9, 1, 1.1, 1, 1.1], 2).at; // 3
 * ```
 */
export function findRobustStep(values: readonly number[], margin: number): Step {
  const byValue = splitAt(values, findStep(values, margin).at);
  const byRank = splitAt(values, findStep(ranks(values), margin).at);
  const { levelOf, deviations } = byRank.sum < byValue.sum ? byRank : byValue;
  const reach = LIMIT * NORMAL * median(deviations);
  const clipped = values.map((value, index) =>
    Math.min(levelOf(index) + reach, Math.max(levelOf(index) - reach, value)),
  );
  return findStep(clipped, margin);
}

/** The levels on both sides of a split, and how far values lie from theirs. */
function splitAt(values: readonly number[], at: number) {
  const levels = [median(values.slice(0, at)), median(values.slice(at))] as const;
  const levelOf = (index: number) => levels[index < at ? 0 : 1];
  const deviations = values.map((value, index) => Math.abs(value - levelOf(index)));
  return { levelOf, deviations, sum: deviations.reduce((sum, one) => sum + one, 0) };
}
