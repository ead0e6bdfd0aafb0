import type { Interval } from "../src/stats/interval.ts";
import type { RunFigures } from "./model-runs.ts";

/** Share of runs within an interval. Half a request of tolerance: a success rate of one run is a count. */
export function shareWithin(
  { low, high }: Interval,
  runs: readonly RunFigures[],
  figure: keyof RunFigures,
): number {
  const hits = runs.filter((run) => run[figure] >= low - 1e-3 && run[figure] <= high + 1e-3);
  return hits.length / runs.length;
}
