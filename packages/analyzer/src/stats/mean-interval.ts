import { batchMeans } from "./batch-means.ts";
import { bootstrapMean, SEED } from "./bootstrap-mean.ts";
import type { Interval } from "./interval.ts";

export interface MeanInterval extends Interval {
  /** `bootstrap over clients`, or `batch means` where there are fewer than five clients. */
  readonly method: "bootstrap over clients" | "batch means";
}

/** Fewer clients than this say too little of how clients differ. */
const LEAST_CLIENTS = 5;

/**
 * 95 % interval of the mean of all clients' values, respecting that values of one client resemble each other:
 * whole clients are drawn again or, with few clients, batch means over time.
 *
 * @param clients each one's values in order
 * @param runs the same values as batch means take them: of each run in order of time
 * @returns undefined where there are too few values for either
 */
export function meanInterval(
  clients: readonly (readonly number[])[],
  seed = SEED,
  runs: readonly (readonly number[])[] = clients,
): MeanInterval | undefined {
  const some = clients.filter((values) => values.length > 0);
  if (some.length >= LEAST_CLIENTS) {
    const drawn = bootstrapMean(some, { seed });
    return drawn && { ...drawn, method: "bootstrap over clients" };
  }
  const cut = batchMeans(runs.filter((values) => values.length > 0));
  return cut && { low: cut.low, high: cut.high, method: "batch means" };
}
