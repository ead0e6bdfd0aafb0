import { splitMeans } from "./batch-means.ts";
import { mean } from "./mean.ts";
import { stdev } from "./stdev.ts";
import type { Values } from "./values.ts";

/** As of batch means: between 10 and 30 serve most purposes (Schmeiser 1982, Operations Research 30(3)). */
const BATCHES = 20;
const MIN_PER_BATCH = 2;

/** The mean of one run, and how well the run itself knows it. */
export interface RunMean {
  readonly mean: number;
  /** Absent if the run is too short to tell, or the mean is not positive. */
  readonly within?: WithinError;
}

export interface WithinError {
  /** Standard error of the mean from batch means, as a share of the mean. */
  readonly ratio: number;
  readonly degrees: number;
}

/**
 * The mean of a run, with its error within the run from 20 batch means.
 *
 * @param values in order of time
 * @returns undefined for no values
 * @see Law 2015, Simulation Modeling and Analysis, 9.5.3
 *
 * @example
 * ```ts
 * toRunMean([1, 2, 3]); // { mean: 2 }: too few for an error
 * ```
 */
export function toRunMean(values: Values): RunMean | undefined {
  const centre = mean(values);
  if (centre === undefined) return undefined;
  if (!(centre > 0) || values.length < BATCHES * MIN_PER_BATCH) return { mean: centre };
  const spread = stdev(splitMeans(values, BATCHES)) as number;
  return { mean: centre, within: { ratio: spread / Math.sqrt(BATCHES) / centre, degrees: BATCHES - 1 } };
}
