import { mean } from "./mean.ts";
import { quantileOfUnsorted } from "./quantile.ts";
import { splitMeans } from "./split-means.ts";
import { stdev } from "./stdev.ts";
import type { Values } from "./values.ts";

/** A figure of one run, such as its mean or its 95th percentile, and how well the run itself knows it. */
export interface RunFigure {
  readonly value: number;
  /** Absent if the run is too short to tell, or the figure is not positive. */
  readonly within?: WithinError;
}

export interface WithinError {
  /** Standard error of the figure, as a share of it. */
  readonly ratio: number;
  readonly degrees: number;
}

/**
 * Parts of a run whose figures are taken as independent. Few, because parts must last longer than the host's slow
 * phases: with 20, intervals held 80% under a wandering speed, with 5 they hold 93% (docs/calibration.md).
 */
const PARTS = 5;
const MIN_PER_PART = 4;

/**
 * The mean of a run, with its error from the means of five consecutive parts.
 *
 * @param values in order of time
 * @returns undefined for no values; without an error below 20
 * @see Law 2015, Simulation Modeling and Analysis, 9.5.3
 *
 * @example
 * ```ts
 * toRunMean([1, 2, 3]); // { value: 2 }
 * ```
 */
export function toRunMean(values: Values): RunFigure | undefined {
  const value = mean(values);
  if (value === undefined) return undefined;
  if (!(value > 0) || values.length < PARTS * MIN_PER_PART) return { value };
  const spread = stdev(splitMeans(values, PARTS)) as number;
  return { value, within: { ratio: spread / Math.sqrt(PARTS) / value, degrees: PARTS - 1 } };
}

/**
 * A quantile of a run, with its error by sectioning: how far the quantiles of five consecutive parts lie from it.
 *
 * @param values in order of time
 * @param p 0..1, without the ends
 * @returns undefined for no values; without an error if a part would hold less than one value beyond the quantile
 * @see Asmussen and Glynn 2007, Stochastic Simulation, III.5 (sectioning)
 *
 * @example
 * ```ts
 * toRunQuantile([1, 2, 3], 0.5); // { value: 2 }
 * ```
 */
export function toRunQuantile(values: Values, p: number): RunFigure | undefined {
  if (values.length === 0) return undefined;
  const value = quantileOfUnsorted(values, p);
  if (!(value > 0) || values.length * Math.min(p, 1 - p) < PARTS) return { value };
  const edge = (part: number) => Math.floor((part * values.length) / PARTS);
  let squares = 0;
  for (let part = 0; part < PARTS; part++)
    squares += (quantileOfUnsorted(values.slice(edge(part), edge(part + 1)), p) - value) ** 2;
  const ratio = Math.sqrt(squares / (PARTS - 1) / PARTS) / value;
  return { value, within: { ratio, degrees: PARTS - 1 } };
}

/**
 * A rate of a run, events ÷ time, with its error from five consecutive slices of time.
 *
 * @param events the time of each, in any order, seconds after the beginning
 * @param seconds watched
 * @returns undefined if no time passed; without an error below four events a slice
 * @see Law 2015, Simulation Modeling and Analysis, 9.5.3
 *
 * @example
 * ```ts
 * toRunRate([0.5, 1.5], 4); // { value: 0.5 }
 * ```
 */
export function toRunRate(events: Iterable<number>, seconds: number): RunFigure | undefined {
  if (!(seconds > 0)) return undefined;
  const slices = new Array<number>(PARTS).fill(0);
  let count = 0;
  for (const event of events) {
    const slice = Math.min(PARTS - 1, Math.max(0, Math.floor((event / seconds) * PARTS)));
    slices[slice] = (slices[slice] as number) + 1;
    count++;
  }
  const value = count / seconds;
  if (count < PARTS * MIN_PER_PART) return { value };
  const spread = stdev(slices) as number;
  return {
    value,
    within: { ratio: spread / Math.sqrt(PARTS) / (count / PARTS), degrees: PARTS - 1 },
  };
}
