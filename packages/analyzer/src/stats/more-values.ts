import type { ScopedFigure } from "./figure-with-scope.ts";
import type { Interval } from "./interval.ts";
import { studentT } from "./student-t.ts";

/**
 * About how many more values until the figure's interval leaves out a limit, if the figure stays as it is: as many
 * more runs like these, or, within one run, as errors shrink with the root of the number of values.
 *
 * @param total values that it has now
 * @param level of the interval
 * @returns 0 if the limit is left out already; undefined if it never will be, or there is no interval
 *
 * @example
 * ```ts
 * const figure = figureWithScope([{ value: 0.9 }, { value: 1.1 }], { minRuns: 2 });
 * figure && moreValues(figure, 1.5, 200, 0.95); // 100
 * ```
 */
export function moreValues(
  { value, runs, interval }: ScopedFigure,
  limit: number,
  total: number,
  level: number,
): number | undefined {
  if (interval === undefined) return undefined;
  if (limit < interval.low || limit >= interval.high) return 0;
  const gap = Math.abs(limit - value);
  if (gap === 0) return undefined;
  if (interval.method === "t over runs") {
    const more = runsNeeded(runs, (interval.high - value) / gap, level) - runs;
    return Math.ceil((more * total) / runs);
  }
  return Math.ceil(((reachTowards(limit, value, interval) / gap) ** 2 - 1) * total);
}

const reachTowards = (limit: number, value: number, { low, high }: Interval) =>
  value < limit ? high - value : value - low;

/** The fewest runs whose interval is narrower by a factor than that of `runs`, if they differ as these do. */
function runsNeeded(runs: number, factor: number, level: number): number {
  const width = (count: number) => studentT((1 + level) / 2, count - 1) / Math.sqrt(count);
  const wanted = width(runs) / factor;
  let fewer = runs;
  // Enough even if Student's t stayed as it is.
  let enough = Math.ceil(runs * factor ** 2) + 1;
  while (enough - fewer > 1) {
    const middle = Math.floor((fewer + enough) / 2);
    if (width(middle) <= wanted) enough = middle;
    else fewer = middle;
  }
  return enough;
}
