import { moveToQuantile } from "./move-to-quantile.ts";
import { quantile } from "./quantile.ts";

/**
 * Quantiles (type 7, as quantile()) of values in any order, without sorting all of them.
 * @param values not empty; their order changes
 * @param shares 0..1, ascending
 *
 * @example
 * ```ts
 * selectQuantiles(Float64Array.of(3, 1, 5, 2, 4), [0.5, 1]); // [3, 5]
 * ```
 */
export function selectQuantiles(values: Float64Array, shares: readonly number[]): readonly number[] {
  let from = 0;
  return shares.map((share) => {
    from = moveToQuantile(values, share, from);
    return quantile(values, share);
  });
}
