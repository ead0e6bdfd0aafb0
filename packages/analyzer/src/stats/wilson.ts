import { type Interval, Z_95 as Z } from "./interval.ts";

/**
 * 95% interval of a share, ratios 0..1.
 *
 * @param hits of `count` tries, which are taken as independent; count ≥ 1
 * @see Wilson 1927, Journal of the American Statistical Association 22(158)
 */
export function wilsonInterval(hits: number, count: number): Interval {
  const share = hits / count;
  const middle = (share + Z ** 2 / (2 * count)) / (1 + Z ** 2 / count);
  const half = (Z / (1 + Z ** 2 / count)) * Math.sqrt((share * (1 - share)) / count + (Z / (2 * count)) ** 2);
  // At 0 and 1 the ends are exact; rounding must not push them off.
  return {
    low: hits === 0 ? 0 : Math.max(0, middle - half),
    high: hits === count ? 1 : Math.min(1, middle + half),
  };
}
