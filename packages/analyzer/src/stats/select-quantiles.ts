import { moveToPlace } from "./move-to-place.ts";
import { quantile } from "./quantile.ts";
import { quantilePlace } from "./quantile-kind.ts";

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
    const below = Math.floor(quantilePlace(values.length, share, "type7"));
    moveToPlace(values, from, values.length - 1, below);
    from = below;
    moveToPlace(values, below + 1, values.length - 1, below + 1);
    return quantile(values, share);
  });
}
