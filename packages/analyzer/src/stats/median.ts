import { quantileOfUnsorted } from "./quantile.ts";

/** Median of values in any order; throws for none, as quantile() does. */
export function median(values: readonly number[]): number {
  return quantileOfUnsorted(values, 0.5);
}
