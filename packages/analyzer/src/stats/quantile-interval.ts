import { countHits } from "./count-hits.ts";
import { incompleteBeta } from "./incomplete-beta.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { effective } from "./proportion-interval.ts";
import { quantile } from "./quantile.ts";
import type { Values } from "./values.ts";

/**
 * Woodruff's interval of a quantile: how far the share of values below the sample's quantile may lie from p, at the
 * effective number of values as for a share, turned into order statistics, between which it interpolates.
 *
 * @param blocks values that may resemble each other: runs, or blocks of time within one, see cutBlocks()
 * @param p 0..1, without the ends
 * @param level of the two-sided interval
 * @returns undefined if there are too few values to bound this quantile: n effective values need p^n and (1 − p)^n
 *   at most (1 − level) ÷ 2
 * @see Woodruff 1952, Journal of the American Statistical Association 47; Beran and Hall 1993, Journal of the Royal
 *   Statistical Society B 55(3)
 *
 * @example
 * ```ts
 * quantileInterval([[1, 2, 3, 4], [1, 2, 3, 4]], 0.95); // undefined: 8 values cannot bound the 95th percentile
 * ```
 */
export function quantileInterval(
  blocks: readonly Values[],
  p: number,
  level = CONFIDENCE_LEVEL,
): Interval | undefined {
  if (!(p > 0 && p < 1)) throw new RangeError(`p is ${p}, not between 0 and 1`);
  const sorted = sortAll(blocks);
  if (sorted.length === 0) return undefined;
  const centre = quantile(sorted, p);
  const trials = effective(
    countHits(blocks, (value) => value <= centre),
    p,
    level,
  );
  if (trials === undefined) return undefined;
  const tail = (1 - level) / 2;
  const low = orderOf(p, trials, tail);
  const high = orderOf(p, trials, 1 - tail);
  if (low === undefined || high === undefined) return undefined;
  const scale = sorted.length / trials;
  return { low: orderStatistic(sorted, low * scale), high: orderStatistic(sorted, high * scale) };
}

/**
 * The r, 1..n, of the order statistic that lies above the p quantile with the given probability:
 * P(Bin(n, p) ≤ r − 1) = I(1 − p; n − r + 1, r), continuous in r; undefined if none of 1..n does.
 */
function orderOf(p: number, n: number, probability: number): number | undefined {
  const above = (r: number) => incompleteBeta(1 - p, n - r + 1, r);
  if (n < 1 || above(1) > probability || above(n) < probability) return undefined;
  let low = 1;
  let high = n;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (above(middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}

/** Linear between the order statistics around r, 1..n. */
function orderStatistic(sorted: Float64Array, r: number): number {
  const below = Math.min(sorted.length, Math.max(1, Math.floor(r)));
  const above = Math.min(sorted.length, below + 1);
  const low = sorted[below - 1] as number;
  return low + Math.min(1, Math.max(0, r - below)) * ((sorted[above - 1] as number) - low);
}

function sortAll(blocks: readonly Values[]): Float64Array {
  const all = new Float64Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of blocks) {
    all.set(values, at);
    at += values.length;
  }
  return all.sort();
}
