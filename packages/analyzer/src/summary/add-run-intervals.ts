import { figureWithScope } from "../stats/figure-with-scope.ts";
import { type RunDeviation, runDeviation } from "../stats/run-deviation.ts";
import type { CellSummary } from "./cell.ts";

export interface WithRunIntervals {
  readonly cells: readonly CellSummary[];
  /** How much runs of one condition differ, over all conditions that were repeated; absent if none was. */
  readonly runDeviation?: RunDeviation;
}

/**
 * Adds the intervals of the mean round trips, which need all cells: conditions that were repeated tell how much the
 * others would differ if they were measured again.
 *
 * @example
 * ```ts
 * addRunIntervals([]); // { cells: [] }
 * ```
 */
export function addRunIntervals(cells: readonly CellSummary[]): WithRunIntervals {
  const pooled = runDeviation(cells.map(meansOf));
  return {
    cells: cells.map((cell) => {
      const interval = figureWithScope(meansOf(cell), { pooled })?.interval;
      return interval === undefined ? cell : { ...cell, roundTripInterval: interval };
    }),
    ...(pooled !== undefined && { runDeviation: pooled }),
  };
}

const meansOf = ({ runs }: CellSummary) => runs.map(({ mean }) => mean);
