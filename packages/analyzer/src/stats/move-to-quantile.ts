import { moveToPlace } from "./move-to-place.ts";
import { quantilePlace } from "./quantile-kind.ts";

/**
 * Moves the two values between which a quantile (type 7) lies to where sorting would put them.
 * @param values not empty; none of them may be NaN
 * @param from all values before it are in place already
 * @returns the index of the lower one
 */
export function moveToQuantile(values: Float64Array, share: number, from = 0): number {
  const last = values.length - 1;
  const below = Math.floor(quantilePlace(values.length, share, "type7"));
  moveToPlace(values, from, last, below);
  moveToPlace(values, below + 1, last, below + 1);
  return below;
}
