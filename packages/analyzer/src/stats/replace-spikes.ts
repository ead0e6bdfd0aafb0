import { quantile } from "./quantile.ts";

const REACH = 2;
/** Robust standard deviations from the local median that make a spike (Pearson's choice is 3; 4 spares tails). */
const LIMIT = 4;
/** Median absolute deviation × this = standard deviation of normal values. */
const NORMAL = 1.4826;

/**
 * Hampel's filter: a value far from the median of itself and two neighbours on each side is replaced by that median.
 * Steps stay, single spikes go.
 *
 * @param values in order of time
 * @see Pearson 2002, IEEE Transactions on Control Systems Technology 10(1)
 *
 * @example
 * ```ts
 * replaceSpikes([1, 1.1, 1, 9, 1.1, 1, 1.1]); // [1, 1.1, 1, 1.1, 1.1, 1, 1.1]
 * ```
 */
export function replaceSpikes(values: readonly number[]): readonly number[] {
  const middles = values.map((_, at) => median(values.slice(Math.max(0, at - REACH), at + REACH + 1)));
  const distances = values.map((value, at) => Math.abs(value - (middles[at] as number)));
  const spread = NORMAL * median(distances);
  return values.map((value, at) =>
    (distances[at] as number) > LIMIT * spread ? (middles[at] as number) : value,
  );
}

function median(values: readonly number[]): number {
  return quantile(
    values.toSorted((a, b) => a - b),
    0.5,
  );
}
