import { CONFIDENCE_LEVEL } from "./interval.ts";
import { moreTrials } from "./more-trials.ts";
import { type Cluster, type ProportionInterval, proportionInterval } from "./proportion-interval.ts";

export interface ShareVerdict {
  readonly verdict: "passes" | "fails" | "undecided";
  /** Each end is a one-sided bound at the level; absent without one: proportionInterval(). */
  readonly bounds?: ProportionInterval;
  /** About how many more trials would decide, if undecided; absent if no number would. */
  readonly moreTrials?: number;
}

/**
 * Whether a share is at least a wanted one: it passes if its one-sided lower bound is, fails if its upper bound is
 * below, else it is undecided. A wrong "passes" or "fails" happens with at most 1 − level.
 *
 * For a goal of a quantile take judgeQuantile().
 *
 * @param wanted 0..1
 * @param level of each one-sided bound
 * @see Reddi and others 2020, MLPerf Inference Benchmark, ISCA (early stopping: no miss in 90 requests for p95 at
 *   0.99, in 459 for p99)
 *
 * @example
 * ```ts
 * judgeShare([{ hits: 37, trials: 37 }], 0.95, 0.99).moreTrials; // 53
 * ```
 */
export function judgeShare(
  clusters: readonly Cluster[],
  wanted: number,
  level = CONFIDENCE_LEVEL,
): ShareVerdict {
  const twoSided = 2 * level - 1;
  const bounds = proportionInterval(clusters, twoSided);
  if (bounds === undefined) return { verdict: "undecided" };
  if (bounds.low >= wanted) return { verdict: "passes", bounds };
  if (bounds.high < wanted) return { verdict: "fails", bounds };
  const more = moreTrials(clusters, wanted, twoSided);
  return { verdict: "undecided", bounds, ...(more !== undefined && { moreTrials: Math.max(1, more) }) };
}
