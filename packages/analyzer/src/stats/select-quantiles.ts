import { quantile } from "./quantile.ts";
import { quantilePlace } from "./quantile-kind.ts";

/**
 * Quantiles (type 7, as quantile()) of values in any order, without sorting all of them (Hoare 1961, Communications of the ACM 4(7)).
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
    if (below + 1 < values.length) moveToPlace(values, below + 1, values.length - 1, below + 1);
    return quantile(values, share);
  });
}

/** Moves the value that would stand at a place if these were sorted there, smaller ones before it, larger ones behind. */
function moveToPlace(values: Float64Array, first: number, last: number, place: number): void {
  let [from, to] = [first, last];
  while (from < to) {
    const middle = medianOfThree(
      values[from] as number,
      values[(from + to) >> 1] as number,
      values[to] as number,
    );
    let [low, high] = [from, to];
    while (low <= high) {
      while ((values[low] as number) < middle) low++;
      while ((values[high] as number) > middle) high--;
      if (low > high) break;
      const swapped = values[low] as number;
      values[low++] = values[high] as number;
      values[high--] = swapped;
    }
    if (place <= high) to = high;
    else if (place >= low) from = low;
    else return;
  }
}

const medianOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
