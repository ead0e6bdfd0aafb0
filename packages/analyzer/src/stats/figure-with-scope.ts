import { MIN_RUNS } from "./cut-blocks.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { pooledInterval } from "./pooled-interval.ts";
import type { RunDeviation } from "./run-deviation.ts";
import type { RunFigure } from "./run-figure.ts";
import type { Scope } from "./scope.ts";
import { studentT } from "./student-t.ts";
import { tInterval } from "./t-interval.ts";

export interface FigureOptions {
  /** runDeviation() of the same figure over all conditions; absent if none was repeated. */
  readonly pooled?: RunDeviation | undefined;
  readonly level?: number;
  /** Fewer runs have no interval from their own differences; default 3. */
  readonly minRuns?: number;
}

export interface ScopedInterval extends Interval {
  readonly method: "t over runs" | "pooled run deviation" | "parts of one run";
  readonly scope: Scope;
}

/** A figure of a condition: the mean of its runs' figures, each of which counts alike. */
export interface ScopedFigure {
  readonly value: number;
  readonly runs: number;
  /** Absent if the runs show too little to bound the figure. */
  readonly interval?: ScopedInterval;
}

/**
 * A figure of a condition that is never negative (a mean, see toRunMean(); a rate) with the best interval that its runs allow:
 *
 * - three or more runs: Student's t over their figures;
 * - one or two, if other conditions were repeated: the pooled run-to-run deviation;
 * - one run alone: from parts of it, which speak of this run only;
 * - two runs alone: none. Student's t with one degree of freedom is too wide to show.
 *
 * @param runs of the condition
 * @returns undefined for no runs
 * @see Law 2015, Simulation Modeling and Analysis, 9.4.1 (independent replications)
 *
 * @example
 * ```ts
 * figureWithScope([{ value: 0.9 }, { value: 1 }, { value: 1.1 }])?.interval?.low.toFixed(2); // "0.75"
 * ```
 */
export function figureWithScope(
  runs: readonly RunFigure[],
  { pooled, level = CONFIDENCE_LEVEL, minRuns = MIN_RUNS }: FigureOptions = {},
): ScopedFigure | undefined {
  const values = runs.map((run) => run.value);
  const value = mean(values);
  if (value === undefined) return undefined;
  const interval =
    runs.length >= MIN_RUNS
      ? overRuns(values, level)
      : (shared(runs, pooled, level) ??
        (runs.length >= minRuns ? overRuns(values, level) : ofOneRun(runs, level)));
  return { value, runs: runs.length, ...(interval !== undefined && { interval }) };
}

function overRuns(values: readonly number[], level: number): ScopedInterval | undefined {
  const interval = tInterval(values, level);
  return (
    interval && {
      low: Math.max(0, interval.low),
      high: interval.high,
      method: "t over runs",
      scope: "between runs",
    }
  );
}

function shared(
  runs: readonly RunFigure[],
  pooled: RunDeviation | undefined,
  level: number,
): ScopedInterval | undefined {
  const interval = pooled && pooledInterval(runs, pooled, level);
  return interval && { ...interval, method: "pooled run deviation", scope: "between runs" };
}

function ofOneRun(runs: readonly RunFigure[], level: number): ScopedInterval | undefined {
  const [run] = runs;
  if (run?.within === undefined || runs.length > 1) return undefined;
  const half = studentT((1 + level) / 2, run.within.degrees) * run.within.ratio * run.value;
  return {
    low: Math.max(0, run.value - half),
    high: run.value + half,
    method: "parts of one run",
    scope: "within this run",
  };
}
