import { mean } from "./mean.ts";
import { quantile } from "./quantile.ts";
import { stdev } from "./stdev.ts";
import type { Values } from "./values.ts";

/** A set of values in nine numbers; only `count` when it is empty. */
export interface Statistic {
  readonly count: number;
  readonly mean?: number;
  readonly median?: number;
  readonly min?: number;
  readonly max?: number;
  /** Divides by n − 1; absent below two values. */
  readonly stdev?: number;
  /** Quantiles of type 7. */
  readonly p90?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/** Describes a set of values, in any order. */
export function describe(values: Values): Statistic {
  return describeInPlace(Float64Array.from(values));
}

/** The same without a copy: the values are in order afterwards. */
export function describeInPlace(values: Float64Array): Statistic {
  if (values.length === 0) return { count: 0 };
  const centre = mean(values) as number;
  const spread = stdev(values);
  const sorted = values.sort();
  return {
    count: values.length,
    mean: centre,
    median: quantile(sorted, 0.5),
    min: sorted[0] as number,
    max: sorted[sorted.length - 1] as number,
    ...(spread !== undefined && { stdev: spread }),
    p90: quantile(sorted, 0.9),
    p95: quantile(sorted, 0.95),
    p99: quantile(sorted, 0.99),
  };
}
