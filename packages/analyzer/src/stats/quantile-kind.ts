/**
 * How a quantile is estimated from sorted values: `type7` as in R, NumPy and slbench's other figures; `jmeter` as
 * JMeter's dashboard does.
 * @see Hyndman and Fan 1996, The American Statistician 50(4); JMeter uses their type 6, by Apache Commons Math
 */
export const QUANTILE_KINDS = ["type7", "jmeter"] as const;
export type QuantileKind = (typeof QUANTILE_KINDS)[number];

/**
 * The place of a quantile among sorted values, from 0 on; between two places it is interpolated.
 * @param count at least 1
 *
 * @example
 * ```ts
 * quantilePlace(10, 0.95, "type7"); // 8.549999999999999
 * quantilePlace(10, 0.95, "jmeter"); // 9
 * ```
 */
export function quantilePlace(count: number, p: number, kind: QuantileKind): number {
  const place = kind === "type7" ? (count - 1) * p : (count + 1) * p - 1;
  return Math.min(count - 1, Math.max(0, place));
}
