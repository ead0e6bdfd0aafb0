import { CONFIDENCE_LEVEL } from "./interval.ts";
import { type Cluster, clopperPearson, proportionInterval } from "./proportion-interval.ts";

/** Beyond this many, "more requests" is no advice. */
const MAX_TRIALS = 1e9;

/**
 * About how many more trials until the interval excludes a wanted share, if the observed share and the dependence
 * within clusters stay as they are.
 *
 * @param wanted share, 0..1
 * @param level as of proportionInterval()
 * @returns 0 if it is excluded already; undefined if it never will be (the observed share equals it, or there is
 *   no interval)
 *
 * @example
 * ```ts
 * moreTrials([{ hits: 37, trials: 37 }], 0.95, 0.98); // 53
 * ```
 */
export function moreTrials(
  clusters: readonly Cluster[],
  wanted: number,
  level = CONFIDENCE_LEVEL,
): number | undefined {
  const now = proportionInterval(clusters, level);
  if (now === undefined || now.share === wanted) return undefined;
  const { share, trials, effectiveTrials } = now;
  const excludes = (count: number) => {
    const { low, high } = clopperPearson(share, (count * effectiveTrials) / trials, level);
    return share > wanted ? low >= wanted : high <= wanted;
  };
  if (excludes(trials)) return 0;
  let fewer = trials;
  let enough = 2 * trials;
  for (; !excludes(enough); enough *= 2) {
    if (enough > MAX_TRIALS) return undefined;
    fewer = enough;
  }
  while (enough - fewer > 1) {
    const middle = Math.floor((fewer + enough) / 2);
    if (excludes(middle)) enough = middle;
    else fewer = middle;
  }
  return enough - trials;
}
