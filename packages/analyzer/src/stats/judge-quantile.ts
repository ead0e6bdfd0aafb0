import type { ScopedFigure } from "./figure-with-scope.ts";
import { CONFIDENCE_LEVEL } from "./interval.ts";
import { leastValuesInRuns, type QuantileOptions, quantileWithScope } from "./quantile-with-scope.ts";
import type { Values } from "./values.ts";

export interface QuantileVerdict {
  readonly verdict: "passes" | "fails" | "undecided";
  /** Each end of its interval is a one-sided bound at the level; absent without values. */
  readonly figure?: ScopedFigure;
  /** About how many more values would decide, if undecided; absent if no number would. */
  readonly moreValues?: number;
}

/**
 * Whether a quantile is at most a limit: it passes if its one-sided upper bound is, fails if its lower bound is
 * above, else it is undecided.
 *
 * Judges by how far the runs' quantiles lie from the limit, not by the share of values within it: three runs without
 * a value beyond the limit say nothing of how much the next run may differ (docs/decisions/intervals.md).
 *
 * @param runs each one's values in order of time
 * @param options.level of each one-sided bound
 *
 * @example
 * ```ts
 * judgeQuantile([[0.1, 0.2]], 0.95, 1); // { verdict: "undecided", moreValues: 57, … }
 * ```
 */
export function judgeQuantile(
  runs: readonly Values[],
  p: number,
  limit: number,
  { level = CONFIDENCE_LEVEL, pooled }: QuantileOptions = {},
): QuantileVerdict {
  const twoSided = 2 * level - 1;
  const figure = quantileWithScope(runs, p, { level: twoSided, ...(pooled !== undefined && { pooled }) });
  if (figure === undefined) return { verdict: "undecided" };
  const { interval, value } = figure;
  const total = runs.reduce((sum, { length }) => sum + length, 0);
  if (interval === undefined) {
    const moreValues = leastValuesInRuns(p, figure.runs, twoSided) - total;
    return { verdict: "undecided", figure, ...(moreValues > 0 && { moreValues }) };
  }
  if (interval.high <= limit) return { verdict: "passes", figure };
  if (interval.low > limit) return { verdict: "fails", figure };
  if (value === limit) return { verdict: "undecided", figure };
  // Errors shrink with the root of the number of values.
  const reach = value < limit ? interval.high - value : value - interval.low;
  const factor = (reach / Math.abs(limit - value)) ** 2;
  return { verdict: "undecided", figure, moreValues: Math.max(1, Math.ceil((factor - 1) * total)) };
}
