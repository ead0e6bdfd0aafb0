import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { studentT } from "./student-t.ts";

export interface RateInterval extends Interval {
  readonly batches: number;
}

/** What happened in one run: the time of each event, and the time that was watched. */
export interface WatchedRun {
  readonly from: number;
  readonly to: number;
  /** In any order, within from..to. */
  readonly events: Iterable<number>;
}

/** As of batch means, see there. */
const BATCHES = 20;
const MIN_PER_BATCH = 2;

/**
 * 95% interval of a rate, events ÷ time over all runs: each run is cut into equal slices of time, about 20 over all
 * runs, and the rate is the ratio estimator Σ events ÷ Σ time over the slices, Student's t. It lies around the rate.
 * Slices shorter than slow phases last make it too narrow; a ramp makes it wider.
 *
 * @returns undefined if a slice would hold fewer than 2 events on the average, or no time passed
 * @see Cochran 1977, Sampling Techniques, 6.4; Law 2015, Simulation Modeling and Analysis, 9.5.3
 */
export function rateInterval(runs: readonly WatchedRun[]): RateInterval | undefined {
  const each = Math.max(2, Math.round(BATCHES / Math.max(1, runs.length)));
  const counts: number[] = [];
  const times: number[] = [];
  for (const { from, to, events } of runs) {
    if (!(to > from)) return undefined;
    let count = 0;
    const slices = new Array<number>(each).fill(0);
    for (const event of events) {
      count++;
      const slice = Math.floor((event - from) / ((to - from) / each));
      const within = Math.min(each - 1, Math.max(0, slice));
      slices[within] = (slices[within] as number) + 1;
    }
    if (count < each * MIN_PER_BATCH) return undefined;
    counts.push(...slices);
    times.push(...slices.map(() => (to - from) / each));
  }
  if (counts.length === 0) return undefined;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const time = sum(times);
  const rate = sum(counts) / time;
  const squares = sum(counts.map((count, index) => (count - rate * (times[index] as number)) ** 2));
  const batches = counts.length;
  const error = Math.sqrt((batches * squares) / (batches - 1)) / time;
  const half = studentT((1 + CONFIDENCE_LEVEL) / 2, batches - 1) * error;
  return { low: Math.max(0, rate - half), high: rate + half, batches };
}
