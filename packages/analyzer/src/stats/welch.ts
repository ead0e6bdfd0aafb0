import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";
import { studentT } from "./student-t.ts";

/**
 * 95% interval of the difference of two means (after − before) of independent values whose spreads may differ.
 * @returns undefined below two values on a side, or if neither varies
 * @see Welch 1947, Biometrika 34
 */
export function welchInterval(before: readonly number[], after: readonly number[]): Interval | undefined {
  const spreads = [stdev(before), stdev(after)] as const;
  if (spreads[0] === undefined || spreads[1] === undefined) return undefined;
  const first = spreads[0] ** 2 / before.length;
  const second = spreads[1] ** 2 / after.length;
  if (first + second === 0) return undefined;
  const degrees =
    (first + second) ** 2 / (first ** 2 / (before.length - 1) + second ** 2 / (after.length - 1));
  const half = studentT((1 + CONFIDENCE_LEVEL) / 2, degrees) * Math.sqrt(first + second);
  const difference = (mean(after) as number) - (mean(before) as number);
  return { low: difference - half, high: difference + half };
}
