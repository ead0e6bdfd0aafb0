import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { quantile } from "./quantile.ts";
import { createRandom } from "./random.ts";
import type { Values } from "./values.ts";

export const RESAMPLES = 2000;
export const SEED = 1;
const MIN_CLIENTS = 3;

/**
 * 95% percentile interval of the mean over all values, by drawing whole clients with replacement: values of one
 * client are correlated, clients are taken as independent. Below about 10 clients it is somewhat too narrow.
 *
 * @param clients the values of each client; empty ones are left out
 * @returns undefined below 3 clients with values
 * @see Davison and Hinkley 1997, Bootstrap Methods and their Application, 3.8; Field and Welsh 2007, JRSS B 69(3)
 */
export function bootstrapMean(
  clients: Iterable<Values>,
  { resamples = RESAMPLES, seed = SEED } = {},
): Interval | undefined {
  const means = resampledMeans(clients, resamples, createRandom(seed));
  if (means === undefined) return undefined;
  const sorted = means.toSorted((a, b) => a - b);
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/** The mean over all values of each resample of clients; undefined below 3 clients with values. */
export function resampledMeans(
  clients: Iterable<Values>,
  resamples: number,
  random: () => number,
): readonly number[] | undefined {
  const { sums, counts } = sumsOf(clients);
  if (sums.length < MIN_CLIENTS) return undefined;
  return Array.from({ length: resamples }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < sums.length; draw++) {
      const drawn = Math.floor(random() * sums.length);
      sum += sums[drawn] as number;
      count += counts[drawn] as number;
    }
    return sum / count;
  });
}

/** Of each client that has values: all that a mean over drawn clients needs. */
function sumsOf(clients: Iterable<Values>): { readonly sums: Float64Array; readonly counts: Float64Array } {
  const sums: number[] = [];
  const counts: number[] = [];
  for (const values of clients) {
    if (values.length === 0) continue;
    let sum = 0;
    for (const value of values) sum += value;
    sums.push(sum);
    counts.push(values.length);
  }
  return { sums: Float64Array.from(sums), counts: Float64Array.from(counts) };
}
