import { compareRuns } from "../src/stats/compare-runs.ts";
import type { RunDeviation } from "../src/stats/run-deviation.ts";
import type { RunFigure } from "../src/stats/run-figure.ts";
import type { Tally } from "./tally.ts";

/** A difference just at the default margin of equivalence, and one that should be shown. */
const AT_MARGIN = 1.1;
const LARGE = 1.2;

const times = (runs: readonly RunFigure[], factor: number) =>
  runs.map((run) => ({ ...run, value: factor * run.value }));

/** Counts verdicts on two results of the same condition, the second one made slower by a known factor. */
export function countComparisons(
  tally: Tally,
  kind: string,
  before: readonly RunFigure[],
  after: readonly RunFigure[],
  pooled?: RunDeviation,
): void {
  const verdict = (factor: number) =>
    compareRuns(before, times(after, factor), pooled === undefined ? {} : { pooled })?.verdict;
  const same = verdict(1);
  const isDifferent = same === undefined ? undefined : same === "higher" || same === "lower";
  tally.add(`nothing changed, "higher" or "lower", ${kind}`, isDifferent);
  tally.add(`nothing changed, "equivalent", ${kind}`, same && same === "equivalent");
  const atMargin = verdict(AT_MARGIN);
  tally.add(`slower by the margin, "equivalent", ${kind}`, atMargin && atMargin === "equivalent");
  tally.add(`slower by the margin, "lower", ${kind}`, atMargin && atMargin === "lower");
  const large = verdict(LARGE);
  tally.add(`slower by 20%, "higher", ${kind}`, large && large === "higher");
}
