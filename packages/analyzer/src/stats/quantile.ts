import { moveToQuantile } from "./move-to-quantile.ts";
import { type QuantileKind, quantilePlace } from "./quantile-kind.ts";
import type { Values } from "./values.ts";

/**
 * Quantile, by default of type 7 (R's and NumPy's default): linear between the order statistics around (n − 1) p.
 *
 * @param sorted ascending, not empty
 * @param p 0..1
 * @see Hyndman and Fan 1996, The American Statistician 50(4)
 */
export function quantile(sorted: ArrayLike<number>, p: number, kind: QuantileKind = "type7"): number {
  if (sorted.length === 0) throw new RangeError("no quantile of nothing");
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}, not in 0..1`);
  const at = quantilePlace(sorted.length, p, kind);
  const below = Math.floor(at);
  const low = sorted[below] as number;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number;
  return low + (at - below) * (high - low);
}

/**
 * A quantile (type 7) of values in any order.
 * @param p 0..1
 * @throws {RangeError} for no values
 *
 * @example
 * ```ts
 * quantileOfUnsorted([3, 1, 2], 0.5); // 2
 * ```
 */
export function quantileOfUnsorted(values: Values, p: number): number {
  const own = Float64Array.from(values);
  if (own.some(Number.isNaN)) return quantile(own.sort(), p);
  moveToQuantile(own, p);
  return quantile(own, p);
}
