import type { RunComparison } from "./compare-runs.ts";
import { MIN_RUNS } from "./cut-blocks.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { type Cluster, proportionInterval } from "./proportion-interval.ts";
import { shareDifference } from "./share-difference.ts";

/** Shares this close, in either direction, count as equivalent. */
const SHARE_MARGIN = 0.01;

export interface ShareVerdict {
  /** after − before, as far as both intervals allow; absent with fewer than three runs on a side. */
  readonly difference?: Interval;
  /** `equivalent`: within one point of each other. */
  readonly verdict: RunComparison["verdict"];
}

/**
 * Compares a share of two results, such as the success rate, by their runs.
 *
 * Shares differ only if their intervals are disjoint and Student's t over the runs' own shares agrees: the interval
 * of a side whose trials are all hits counts every trial as independent.
 *
 * @param before one cluster per run
 *
 * @example
 * ```ts
 * compareShares([{ hits: 9, trials: 10 }], [{ hits: 1, trials: 10 }]).verdict; // "undecided"
 * ```
 */
export function compareShares(
  before: readonly Cluster[],
  after: readonly Cluster[],
  level = CONFIDENCE_LEVEL,
): ShareVerdict {
  const [one, two] = [before, after].map((runs) =>
    runs.length < MIN_RUNS ? undefined : proportionInterval(runs, level),
  );
  if (one === undefined || two === undefined) return { verdict: "undecided" };
  const difference = { low: two.low - one.high, high: two.high - one.low };
  const verdict = (): ShareVerdict["verdict"] => {
    if (difference.low >= -SHARE_MARGIN && difference.high <= SHARE_MARGIN) return "equivalent";
    const ofRuns = shareDifference(before.map(shareOf), after.map(shareOf), level);
    if (ofRuns === undefined) return "undecided";
    if (difference.low > 0 && ofRuns.low > 0) return "higher";
    return difference.high < 0 && ofRuns.high < 0 ? "lower" : "undecided";
  };
  return { difference, verdict: verdict() };
}

const shareOf = ({ hits, trials }: Cluster) => hits / trials;
