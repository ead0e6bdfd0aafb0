import type { Interval } from "./interval.ts";
import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";
import { tInterval } from "./t-interval.ts";
import type { Values } from "./values.ts";

export interface BetweenRuns {
  readonly count: number;
  /** Each run's mean, in order. */
  readonly means: readonly number[];
  /** Mean of the runs' means: each run counts alike. */
  readonly mean: number;
  /** Standard deviation of the runs' means. */
  readonly stdevBetween: number;
  /** 95%, Student's t over the runs' means: runs are independent even if requests and clients are not. */
  readonly interval: Interval;
}

/**
 * Repetitions of one condition pooled, each as one value (independent replications).
 * @returns undefined below two runs with values
 * @see Law 2015, Simulation Modeling and Analysis, 9.4.1
 */
export function betweenRuns(runs: readonly Values[]): BetweenRuns | undefined {
  const means = runs.flatMap((values) => mean(values) ?? []);
  const interval = tInterval(means);
  if (interval === undefined) return undefined;
  return {
    count: means.length,
    means,
    mean: mean(means) as number,
    stdevBetween: stdev(means) as number,
    interval,
  };
}
