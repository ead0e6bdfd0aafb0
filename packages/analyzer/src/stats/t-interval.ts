import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";
import { studentT } from "./student-t.ts";

/** Interval of the mean of independent values: mean ± t(n − 1) s / √n; undefined below two values. */
export function tInterval(values: readonly number[], level = CONFIDENCE_LEVEL): Interval | undefined {
  const centre = mean(values);
  const spread = stdev(values);
  if (centre === undefined || spread === undefined) return undefined;
  const t = studentT((1 + level) / 2, values.length - 1);
  const half = (t * spread) / Math.sqrt(values.length);
  return { low: centre - half, high: centre + half };
}
