import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { meanDifference } from "./mean-difference.ts";
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
  const found = meanDifference(before, after);
  if (found === undefined) return undefined;
  const { difference, error, degrees } = found;
  const half = studentT((1 + level) / 2, degrees) * error;
  return { low: difference - half, high: difference + half };
}
