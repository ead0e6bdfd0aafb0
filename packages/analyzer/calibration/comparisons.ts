import { compareRuns, type RunComparison } from "../src/stats/compare-runs.ts";
import type { RunDeviation } from "../src/stats/run-deviation.ts";
import type { RunFigure } from "../src/stats/run-figure.ts";
import type { Tally } from "./tally.ts";

/** A difference exactly at the default margin of equivalence, and one that should be found. */
const AT_MARGIN = 1.1;
const LARGE = 1.2;

const times = (runs: readonly RunFigure[], factor: number) =>
  runs.map((run) => ({ ...run, value: factor * run.value }));

/** Counts verdicts on two results of the same condition, of which the second is slowed down by a known factor. */
export function countComparisons(
  tally: Tally,
  kind: string,
  before: readonly RunFigure[],
  after: readonly RunFigure[],
  pooled?: RunDeviation,
): void {
  const count = (claim: string, factor: number, ...verdicts: readonly RunComparison["verdict"][]) => {
    const { verdict } = compareRuns(before, times(after, factor), pooled && { pooled }) ?? {};
    tally.add(`${claim}, ${kind}`, verdict && verdicts.includes(verdict));
  };
  count('nothing changed, "higher" or "lower"', 1, "higher", "lower");
  count('nothing changed, "equivalent"', 1, "equivalent");
  count('slower by the margin, "equivalent"', AT_MARGIN, "equivalent");
  count('slower by 20%, "higher"', LARGE, "higher");
}
