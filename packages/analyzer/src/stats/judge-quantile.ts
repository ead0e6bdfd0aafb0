import { countHits } from "./count-hits.ts";
import { cutBlocks } from "./cut-blocks.ts";
import type { FigureOptions, ScopedFigure } from "./figure-with-scope.ts";
import { CONFIDENCE_LEVEL } from "./interval.ts";
import { judgeShare } from "./judge-share.ts";
import { moreValues } from "./more-values.ts";
import { leastValuesInRuns, quantileWithScope } from "./quantile-with-scope.ts";
import { boundLevel } from "./scope.ts";
import type { Values } from "./values.ts";

/** Two runs bound a quantile too loosely to show, but well enough for a limit that is far away. */
const MIN_RUNS = 2;

/** Whether a figure is at most a limit. */
export interface LimitVerdict {
  readonly verdict: "passes" | "fails" | "undecided";
  /** Each end of its interval is a one-sided bound; absent without values. */
  readonly figure?: ScopedFigure;
  /** About how many more values would decide, if undecided; absent if no number would. */
  readonly moreValues?: number;
}

/**
 * Whether a quantile is at most a limit: it passes if its one-sided upper bound is and the share of values within
 * the limit is at least p by its own bound, fails if both say the opposite, else it is undecided.
 *
 * Without an interval, because so many values were cut off at the time limit, the share alone may still fail it.
 *
 * Each alone is too sure to pass it: without a value beyond the limit the share does not show how much the next run may differ,
 * and few quantiles do not show how skewed they are (docs/decisions/intervals.md).
 *
 * @param runs each one's values in order of time
 * @param options.level of each verdict; one run takes a stricter one, boundLevel()
 *
 * @example
 * ```ts
 * judgeQuantile([[0.1, 0.2]], 0.95, 1).moreValues; // 88
 * ```
 */
export function judgeQuantile(
  runs: readonly Values[],
  p: number,
  limit: number,
  { level = CONFIDENCE_LEVEL, pooled }: Pick<FigureOptions, "level" | "pooled"> = {},
): LimitVerdict {
  const oneSided = boundLevel(level, runs.filter(({ length }) => length > 0).length);
  const twoSided = 2 * oneSided - 1;
  const figure = quantileWithScope(runs, p, { level: twoSided, pooled, minRuns: MIN_RUNS });
  if (figure === undefined) return { verdict: "undecided" };
  const { interval } = figure;
  const total = runs.reduce((sum, { length }) => sum + length, 0);
  const share = judgeShare(
    countHits(cutBlocks(runs).blocks, (one) => one <= limit),
    p,
    oneSided,
  );
  if (interval === undefined) {
    if (share.verdict === "fails") return { verdict: "fails", figure };
    const more = leastValuesInRuns(p, figure.runs, twoSided) - total;
    return { verdict: "undecided", figure, ...(more > 0 && { moreValues: more }) };
  }
  if (interval.high <= limit && share.verdict === "passes") return { verdict: "passes", figure };
  if (interval.low > limit && share.verdict === "fails") return { verdict: "fails", figure };
  const more = [
    moreValues(figure, limit, total, twoSided),
    share.verdict === "undecided" ? share.moreTrials : 0,
  ].reduce((most, one) => (most === undefined || one === undefined ? undefined : Math.max(most, one)));
  return { verdict: "undecided", figure, ...(more !== undefined && more > 0 && { moreValues: more }) };
}
