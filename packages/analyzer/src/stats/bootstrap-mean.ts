import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { quantile } from "./quantile.ts";
import { createRandom } from "./random.ts";

export const RESAMPLES = 2000;
export const SEED = 1;
const MIN_CLIENTS = 3;

/**
 * 95 % percentile interval of the mean over all values, by drawing whole clients with replacement: values of one
 * client are correlated, clients are taken as independent. Below about 10 clients it is somewhat too narrow.
 *
 * @param clients the values of each client; empty ones are left out
 * @returns undefined below 3 clients with values
 * @see Davison and Hinkley 1997, Bootstrap Methods and their Application, 3.8; Field and Welsh 2007, JRSS B 69(3)
 */
export function bootstrapMean(
  clients: readonly (readonly number[])[],
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
  clients: readonly (readonly number[])[],
  resamples: number,
  random: () => number,
): readonly number[] | undefined {
  const groups = clients
    .filter((values) => values.length > 0)
    .map((values) => ({ sum: values.reduce((sum, value) => sum + value, 0), count: values.length }));
  if (groups.length < MIN_CLIENTS) return undefined;
  return Array.from({ length: resamples }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < groups.length; draw++) {
      const group = groups[Math.floor(random() * groups.length)] as { sum: number; count: number };
      sum += group.sum;
      count += group.count;
    }
    return sum / count;
  });
}
