import { mean } from "./mean.ts";
import type { RunFigure } from "./run-figure.ts";
import { stdev } from "./stdev.ts";

/** How much the runs of one condition differ, pooled over conditions. */
export interface RunDeviation {
  /** Standard deviation of the runs' figures as a share of them (of their logarithms), errors within runs included. */
  readonly ratio: number;
  /** Σ (runs − 1) over the conditions. */
  readonly degrees: number;
  /** The part of `ratio` that the runs' own errors explain: root of the mean of their squares. */
  readonly withinRatio: number;
  /** What remains for differences between runs: √(ratio² − withinRatio²), at least 0. */
  readonly betweenRatio: number;
}

/**
 * The run-to-run standard deviation of a figure, relative (of logarithms), pooled over all conditions that were
 * repeated: s² = Σ (r − 1) s_c² ÷ Σ (r − 1).
 *
 * @param conditions the runs of each one; conditions with one run, or with a figure that is not positive, are left out
 * @returns undefined if no condition was repeated
 * @see Box, Hunter and Hunter 2005, Statistics for Experimenters, 4.2 (pooled variance)
 *
 * @example
 * ```ts
 * runDeviation([[{ value: 1 }, { value: Math.exp(0.02) }]])?.ratio.toFixed(4); // "0.0141"
 * ```
 */
export function runDeviation(conditions: readonly (readonly RunFigure[])[]): RunDeviation | undefined {
  let degrees = 0;
  let squares = 0;
  let withinSquares = 0;
  for (const runs of conditions) {
    if (runs.length < 2 || runs.some((run) => !(run.value > 0))) continue;
    const own = runs.length - 1;
    degrees += own;
    squares += own * (stdev(runs.map((run) => Math.log(run.value))) as number) ** 2;
    withinSquares += own * (mean(runs.map((run) => (run.within?.ratio ?? 0) ** 2)) as number);
  }
  if (degrees === 0) return undefined;
  const variance = squares / degrees;
  const within = withinSquares / degrees;
  return {
    ratio: Math.sqrt(variance),
    degrees,
    withinRatio: Math.sqrt(within),
    betweenRatio: Math.sqrt(Math.max(0, variance - within)),
  };
}
