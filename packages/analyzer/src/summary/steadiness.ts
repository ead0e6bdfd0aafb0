import { mser5 } from "../stats/mser.ts";
import { splitMeans } from "../stats/split-means.ts";
import { trend } from "../stats/trend.ts";
import type { Values } from "../stats/values.ts";

/** Whether round trips changed in the course of a run. */
export interface Steadiness {
  /**
   * MSER-5: requests at the beginning that are warm-up, the longest of the repetitions; absent if a repetition is
   * too short to tell.
   */
  readonly warmUpRequests?: number;
  /** Mann's and Kendall's test over 20 batch means in order of start; the repetition with the smallest p. */
  readonly trend?: {
    readonly tau: number;
    /** Times the number of repetitions (Bonferroni). */
    readonly pValue: number;
    /** From the first to the last batch along Sen's slope, as a share of the mean round trip. */
    readonly changeRatio: number;
  };
}

const BATCHES = 20;
const MIN_REQUESTS = 40;

/** @param runs round trips of each repetition, in order of start, all users active */
export function checkSteadiness(runs: readonly Values[]): Steadiness {
  const warmUps = runs.map(mser5);
  const trends = runs.flatMap((run) => {
    if (run.length < MIN_REQUESTS) return [];
    const batches = splitMeans(run, BATCHES);
    const found = trend(batches);
    if (found === undefined) return [];
    const centre = batches.reduce((sum, value) => sum + value, 0) / BATCHES;
    const pValue = Math.min(1, found.pValue * runs.length);
    return [{ tau: found.tau, pValue, changeRatio: (found.slope * (BATCHES - 1)) / centre }];
  });
  const [steepest] = trends.toSorted((a, b) => a.pValue - b.pValue);
  const known = warmUps.every((requests) => requests !== undefined) && warmUps.length > 0;
  return {
    ...(known && { warmUpRequests: Math.max(...(warmUps as readonly number[])) }),
    ...(steepest !== undefined && { trend: steepest }),
  };
}
