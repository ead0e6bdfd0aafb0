import type { Interval } from "./interval.ts";

/**
 * About how many more values until the end of an interval that is nearer to a limit reaches it, as errors shrink with
 * the root of the number of values.
 *
 * @param value of the figure
 * @param total values that it has now
 * @returns infinite if the figure equals the limit
 */
export function moreValues(value: number, { low, high }: Interval, limit: number, total: number): number {
  const reach = value < limit ? high - value : value - low;
  const factor = (reach / Math.abs(limit - value)) ** 2;
  return Math.max(1, Math.ceil((factor - 1) * total));
}
