import { compareRuns, type RunComparison } from "../src/stats/compare-runs.ts";
import { compareShares, type ShareVerdict } from "../src/stats/compare-shares.ts";
import type { Cluster } from "../src/stats/proportion-interval.ts";
import { createRandom } from "../src/stats/random.ts";
import type { RunDeviation } from "../src/stats/run-deviation.ts";
import type { RunFigure } from "../src/stats/run-figure.ts";
import type { SteadyRun } from "./host.ts";
import type { Tally } from "./tally.ts";
import type { Truth } from "./truth.ts";

/** A difference exactly at the default margin of equivalence, and one that should be found. */
const AT_MARGIN = 1.1;
const LARGE = 1.2;

const times = (runs: readonly RunFigure[], factor: number) =>
  runs.map((run) => ({ ...run, value: factor * run.value }));

/** Counts verdicts on two results of the same condition. The second is slower by a known factor. */
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

/** Success rates: a difference exactly at the margin of equivalence, and one that should be found. */
const SHARE_AT_MARGIN = 0.01;
const LARGE_SHARE = 0.2;

/** Counts verdicts on the success rates of two results. The second loses a known share of its successes. */
export function countShareComparisons(
  tally: Tally,
  kind: string,
  before: readonly SteadyRun[],
  after: readonly SteadyRun[],
  truth: Truth,
  seed: number,
): void {
  if (!(truth.success < 1)) return;
  const random = createRandom(seed);
  const clusters = (runs: readonly SteadyRun[], lost: number): readonly Cluster[] =>
    runs.map(({ isSuccessful }) => ({
      hits: isSuccessful.filter((one) => one === 1 && random() * truth.success >= lost).length,
      trials: isSuccessful.length,
    }));
  const count = (claim: string, lost: number, ...verdicts: readonly ShareVerdict["verdict"][]) => {
    const { verdict } = compareShares(clusters(before, 0), clusters(after, lost));
    tally.add(`${claim}, ${kind}`, verdicts.includes(verdict));
  };
  count('success unchanged, "higher" or "lower"', 0, "higher", "lower");
  count('success lower by the margin, "equivalent"', SHARE_AT_MARGIN, "equivalent");
  count('success lower by 20 points, "lower"', LARGE_SHARE, "lower");
}
