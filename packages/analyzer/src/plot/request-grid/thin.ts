import type { Point } from "../chart/chart.ts";

/** Points that one line may have. */
export const MAX_POINTS = 200;

/**
 * A line of at most `maxPoints` points: of a longer run the largest value of each part. NaN, which breaks a line,
 * stays only if a part has no other value.
 */
export function thin(
  numbers: readonly number[],
  values: readonly number[],
  maxPoints = MAX_POINTS,
): readonly Point[] {
  const step = Math.max(1, Math.ceil(values.length / maxPoints));
  return Array.from({ length: Math.ceil(values.length / step) }, (_, part) => {
    const from = part * step;
    let longest = from;
    for (let at = from + 1; at < Math.min(values.length, from + step); at++) {
      // A comparison with NaN is false.
      if (!((values[at] as number) <= (values[longest] as number)) && !Number.isNaN(values[at])) longest = at;
    }
    return [numbers[longest] ?? longest + 1, values[longest] as number];
  });
}
