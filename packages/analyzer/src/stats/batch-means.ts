import type { Interval } from "./interval.ts";
import { RunningMean } from "./mean.ts";
import { tInterval } from "./t-interval.ts";
import type { Values } from "./values.ts";

export interface BatchMeans extends Interval {
  readonly batches: number;
}

/** Between 10 and 30 serve most purposes (Schmeiser 1982, Operations Research 30(3)). */
const BATCHES = 20;
const MIN_PER_BATCH = 2;

/**
 * 95% interval of the mean of correlated values by non-overlapping batch means: about 20 batches over all runs,
 * Student's t over their means. Batches shorter than the correlation lasts make it too narrow.
 *
 * @param runs the values of each run in order of time; a batch never spans two runs
 * @returns undefined if a batch would hold fewer than 2 values
 * @see Law 2015, Simulation Modeling and Analysis, 9.5.3
 */
export function batchMeans(runs: readonly Values[]): BatchMeans | undefined {
  const means = meansOfBatches(runs);
  const interval = means && tInterval(means);
  return means && interval && { ...interval, batches: means.length };
}

/** The means of those batches. */
export function meansOfBatches(runs: readonly Values[]): readonly number[] | undefined {
  const each = Math.max(2, Math.round(BATCHES / Math.max(1, runs.length)));
  if (runs.length === 0 || runs.some((run) => run.length < each * MIN_PER_BATCH)) return undefined;
  return runs.flatMap((run) => splitMeans(run, each));
}

/** Means of `count` consecutive parts, whose lengths differ by at most one, of the first `length` values. */
export function splitMeans(values: Values, count: number, length = values.length): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const end = Math.floor(((index + 1) * length) / count);
    const running = new RunningMean();
    for (let at = Math.floor((index * length) / count); at < end; at++) running.add(values[at] as number);
    return running.mean as number;
  });
}
