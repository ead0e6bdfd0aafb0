import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";
import { studentT } from "./student-t.ts";

/**
 * Interval of the difference of two means, after − before, Student's t with a common variance: of the shares that
 * the runs of two results have.
 *
 * @param before one share per run
 * @returns undefined with fewer than two values on a side
 *
 * @example
 * ```ts
 * shareDifference([1, 0.98], [0.8, 0.82])?.high.toFixed(2); // "-0.12"
 * ```
 */
export function shareDifference(
  before: readonly number[],
  after: readonly number[],
  level = CONFIDENCE_LEVEL,
): Interval | undefined {
  const spreads = [stdev(before), stdev(after)] as const;
  if (spreads[0] === undefined || spreads[1] === undefined) return undefined;
  const degrees = before.length + after.length - 2;
  const variance = ((before.length - 1) * spreads[0] ** 2 + (after.length - 1) * spreads[1] ** 2) / degrees;
  const error = Math.sqrt(variance * (1 / before.length + 1 / after.length));
  const half = studentT((1 + level) / 2, degrees) * error;
  const difference = (mean(after) as number) - (mean(before) as number);
  return { low: difference - half, high: difference + half };
}
