import { quantile } from "./quantile.ts";

/** Median of values in any order; throws for none, as quantile() does. */
export function median(values: readonly number[]): number {
  return quantile(Float64Array.from(values).sort(), 0.5);
}
