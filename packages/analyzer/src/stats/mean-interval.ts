import { createRandom } from "../queueing/random.ts";
import { mean } from "./mean.ts";
import { quantile } from "./quantile.ts";
import { stdev } from "./stdev.ts";

export interface MeanInterval {
  readonly low: number;
  readonly high: number;
  /** `bootstrap over clients`, or `batch means` where there are fewer than five clients. */
  readonly method: "bootstrap over clients" | "batch means";
}

/** Fewer clients than this say too little of how clients differ. */
const LEAST_CLIENTS = 5;
const RESAMPLES = 1000;
const BATCHES = 10;
/** Student's t, 0.975 quantile, 9 degrees of freedom. @see Abramowitz and Stegun 1964, table 26.10 */
const T_9 = 2.262157162740992;

/**
 * 95 % interval of the mean of all clients' values, respecting that values of one client resemble each other:
 * whole clients are drawn again (percentile bootstrap), or, with few clients, the values in order are cut into
 * ten batches whose means are nearly independent.
 *
 * @param clients each one's values in order
 * @returns undefined where there are too few values for either
 * @see Davison and Hinkley 1997, Bootstrap Methods, section 3.8; Law 2015, Simulation Modeling, section 9.5.3
 */
export function meanInterval(clients: readonly (readonly number[])[], seed = 1): MeanInterval | undefined {
  const some = clients.filter((values) => values.length > 0);
  return some.length >= LEAST_CLIENTS ? bootstrap(some, seed) : batchMeans(some);
}

function bootstrap(clients: readonly (readonly number[])[], seed: number): MeanInterval {
  const sums = clients.map((values) => values.reduce((sum, value) => sum + value, 0));
  const random = createRandom(seed);
  const means = Float64Array.from({ length: RESAMPLES }, () => {
    let sum = 0;
    let count = 0;
    for (let draw = 0; draw < clients.length; draw++) {
      const index = Math.floor(random() * clients.length);
      sum += sums[index] as number;
      count += (clients[index] as readonly number[]).length;
    }
    return sum / count;
  }).sort() as unknown as readonly number[];
  return { low: quantile(means, 0.025), high: quantile(means, 0.975), method: "bootstrap over clients" };
}

function batchMeans(clients: readonly (readonly number[])[]): MeanInterval | undefined {
  const longest = Math.max(0, ...clients.map((values) => values.length));
  if (longest < 2 * BATCHES && clients.reduce((sum, values) => sum + values.length, 0) < 2 * BATCHES)
    return undefined;
  // Batch b holds the b-th tenth of every client: a slow phase of the function is in one batch.
  const batches = Array.from({ length: BATCHES }, (_, batch) =>
    clients.flatMap((values) =>
      values.slice(
        Math.round((batch * values.length) / BATCHES),
        Math.round(((batch + 1) * values.length) / BATCHES),
      ),
    ),
  ).filter((values) => values.length > 0);
  if (batches.length < BATCHES) return undefined;
  const means = batches.map((values) => mean(values) as number);
  const half = (T_9 * (stdev(means) as number)) / Math.sqrt(BATCHES);
  const centre = mean(clients.flat()) as number;
  return { low: centre - half, high: centre + half, method: "batch means" };
}
