import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";

/** The difference of two means, after − before, with its standard error from a common variance. */
export interface MeanDifference {
  readonly difference: number;
  readonly error: number;
  /** Of Student's t: n₁ + n₂ − 2. */
  readonly degrees: number;
}

/**
 * @returns undefined with fewer than two values on a side
 *
 * @example
 * ```ts
 * meanDifference([1, 3], [5, 7])?.difference; // 4
 * ```
 */
export function meanDifference(
  before: readonly number[],
  after: readonly number[],
): MeanDifference | undefined {
  const spreads = [stdev(before), stdev(after)] as const;
  if (spreads[0] === undefined || spreads[1] === undefined) return undefined;
  const degrees = before.length + after.length - 2;
  const variance = ((before.length - 1) * spreads[0] ** 2 + (after.length - 1) * spreads[1] ** 2) / degrees;
  return {
    difference: (mean(after) as number) - (mean(before) as number),
    error: Math.sqrt(variance * (1 / before.length + 1 / after.length)),
    degrees,
  };
}
