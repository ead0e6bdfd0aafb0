import { RunningMean } from "./mean.ts";
import type { Values } from "./values.ts";

/** Means of `count` consecutive parts, whose lengths differ by at most one, of the first `length` values. */
export function splitMeans(values: Values, count: number, length = values.length): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const end = Math.floor(((index + 1) * length) / count);
    const running = new RunningMean();
    for (let at = Math.floor((index * length) / count); at < end; at++) running.add(values[at] as number);
    return running.mean as number;
  });
}
