import { MIN_RUNS } from "./cut-blocks.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { pooledInterval } from "./pooled-interval.ts";
import type { RunDeviation } from "./run-deviation.ts";
import type { RunMean } from "./run-mean.ts";
import type { Scope } from "./scope.ts";
import { studentT } from "./student-t.ts";
import { tInterval } from "./t-interval.ts";

export interface ScopedInterval extends Interval {
  readonly method: "t over runs" | "pooled run deviation" | "batch means";
  readonly scope: Scope;
}

/** A mean over runs, each of which counts alike. */
export interface ScopedMean {
  readonly mean: number;
  readonly runs: number;
  /** Absent if the runs show too little to bound the mean. */
  readonly interval?: ScopedInterval;
}

/**
 * The mean of a condition with the best interval that its runs allow:
 *
 * - three or more runs: Student's t over their means;
 * - one or two, if other conditions were repeated: the pooled run-to-run deviation;
 * - one run alone: batch means, which speak of this run only;
 * - two runs alone: none. Student's t with one degree of freedom bounds nothing.
 *
 * @param runs of the condition, see toRunMean()
 * @param pooled runDeviation() over all conditions, absent if none was repeated
 * @returns undefined for no runs
 *
 * @example
 * ```ts
 * meanWithScope([{ mean: 0.9 }, { mean: 1 }, { mean: 1.1 }])?.interval?.low; // 0.75
 * ```
 */
export function meanWithScope(
  runs: readonly RunMean[],
  pooled?: RunDeviation,
  level = CONFIDENCE_LEVEL,
): ScopedMean | undefined {
  const means = runs.map((run) => run.mean);
  const centre = mean(means);
  if (centre === undefined) return undefined;
  const interval = intervalOf(runs, centre, pooled, level);
  return { mean: centre, runs: runs.length, ...(interval !== undefined && { interval }) };
}

function intervalOf(
  runs: readonly RunMean[],
  centre: number,
  pooled: RunDeviation | undefined,
  level: number,
): ScopedInterval | undefined {
  if (runs.length >= MIN_RUNS) {
    const own = tInterval(
      runs.map((run) => run.mean),
      level,
    );
    return own && { ...own, method: "t over runs", scope: "between runs" };
  }
  const shared = pooled && pooledInterval(runs, pooled, level);
  if (shared !== undefined) return { ...shared, method: "pooled run deviation", scope: "between runs" };
  const within = runs.length === 1 ? runs[0]?.within : undefined;
  if (within === undefined) return undefined;
  const half = studentT((1 + level) / 2, within.degrees) * within.ratio * centre;
  return { low: centre - half, high: centre + half, method: "batch means", scope: "within this run" };
}
