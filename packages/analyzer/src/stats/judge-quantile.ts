import { countHits } from "./count-hits.ts";
import { cutBlocks } from "./cut-blocks.ts";
import type { ScopedFigure } from "./figure-with-scope.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { judgeShare } from "./judge-share.ts";
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
 * Whether a quantile is at most a limit: it passes if its one-sided upper bound is and the share of values within
 * the limit is at least p by its own bound, fails if both say the opposite, else it is undecided.
 *
 * Each alone is too sure: without a value beyond the limit the share does not show how much the next run may differ,
 * and few quantiles do not show how skewed they are (docs/decisions/intervals.md).
 *
 * @param runs each one's values in order of time
 * @param options.level of each one-sided bound
 *
 * @example
 * ```ts
 * judgeQuantile([[0.1, 0.2]], 0.95, 1).moreValues; // 78
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
  const share = judgeShare(
    countHits(cutBlocks(runs).blocks, (one) => one <= limit),
    p,
    level,
  );
  if (interval.high <= limit && share.verdict === "passes") return { verdict: "passes", figure };
  if (interval.low > limit && share.verdict === "fails") return { verdict: "fails", figure };
  const moreValues = Math.max(share.moreTrials ?? 0, moreOf(value, interval, limit, total));
  return { verdict: "undecided", figure, ...(Number.isFinite(moreValues) && { moreValues }) };
}

/** Until the nearer end reaches the limit, as errors shrink with the root of the number of values. */
function moreOf(value: number, { low, high }: Interval, limit: number, total: number): number {
  const reach = value < limit ? high - value : value - low;
  const factor = (reach / Math.abs(limit - value)) ** 2;
  return Math.max(1, Math.ceil((factor - 1) * total));
}
