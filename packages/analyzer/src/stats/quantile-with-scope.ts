import { type FigureOptions, figureWithScope, type ScopedFigure } from "./figure-with-scope.ts";
import { CONFIDENCE_LEVEL } from "./interval.ts";
import { toRunQuantile } from "./run-figure.ts";
import type { Values } from "./values.ts";

/** With fewer values beyond a quantile in a run, the run's own quantile is chance: rare cold starts decide it. */
const MIN_BEYOND = 4;

/**
 * A quantile of a condition: the mean of its runs' quantiles (type 7), what a repeated run of the same length shows
 * on average; with an interval as of figureWithScope().
 *
 * The interval is withheld
 *
 * - if there are too few values for any interval that assumes no distribution: n values, none of which lies beyond
 *   the bound, need p^n at most (1 − level) ÷ 2;
 * - if a run has fewer than four values beyond the quantile;
 * - if the quantile is a value at which a run ends with ties: responses cut off at the time limit, of which only
 *   is known that they would have taken longer.
 *
 * @param runs each one's values in order of time; empty ones are left out
 * @param p 0..1, without the ends
 * @param options.pooled runDeviation() of the runs' quantiles, toRunQuantile()
 * @returns undefined without values
 *
 * @example
 * ```ts
 * quantileWithScope([[1, 2, 3, 4]], 0.95)?.interval; // undefined
 * ```
 */
export function quantileWithScope(
  runs: readonly Values[],
  p: number,
  options: FigureOptions = {},
): ScopedFigure | undefined {
  if (!(p > 0 && p < 1)) throw new RangeError(`p is ${p}, not between 0 and 1`);
  const some = runs.filter((values) => values.length > 0);
  const figures = some.flatMap((values) => toRunQuantile(values, p) ?? []);
  const found = figureWithScope(figures, options);
  if (found?.interval === undefined) return found;
  const total = some.reduce((sum, { length }) => sum + length, 0);
  const isEnough =
    total >= leastValues(p, options.level) &&
    some.every((values) => values.length * Math.min(p, 1 - p) >= MIN_BEYOND);
  const isCut = some.some((values, index) => endsWithTies(values, figures[index]?.value as number));
  return isEnough && !isCut ? found : { value: found.value, runs: found.runs };
}

/**
 * The fewest values that bound a quantile on both sides without assuming a distribution.
 * @param level of the two-sided interval; 2 c − 1 for one-sided bounds
 * @see Reddi and others 2020, MLPerf Inference Benchmark, ISCA (early stopping)
 *
 * @example
 * ```ts
 * leastValues(0.95, 0.98); // 90
 * ```
 */
export function leastValues(p: number, level = CONFIDENCE_LEVEL): number {
  return Math.ceil(Math.log((1 - level) / 2) / Math.log(Math.max(p, 1 - p)));
}

/** The same for `runs` runs of equal length, each of which must know its own quantile. */
export function leastValuesInRuns(p: number, runs: number, level = CONFIDENCE_LEVEL): number {
  return Math.max(leastValues(p, level), runs * Math.ceil(MIN_BEYOND / Math.min(p, 1 - p)));
}

function endsWithTies(values: Values, value: number): boolean {
  let ties = 0;
  for (const one of values) {
    if (one > value) return false;
    if (one === value) ties++;
  }
  return ties > 1;
}
