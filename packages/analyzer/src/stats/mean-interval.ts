import { batchMeans } from "./batch-means.ts";
import { bootstrapMean, SEED } from "./bootstrap-mean.ts";
import type { Interval } from "./interval.ts";

export interface MeanInterval extends Interval {
  readonly method: "bootstrap over clients" | "batch means";
}

/** Fewer clients than this say too little of how clients differ. */
const LEAST_CLIENTS = 5;

/**
 * 95 % interval of the mean of all clients' values, the wider of two: whole clients drawn again, which respects that
 * values of one client resemble each other, and batch means over time, which respect that clients see the same slow
 * phases. The first needs five clients.
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
  const drawn = some.length >= LEAST_CLIENTS ? bootstrapMean(some, { seed }) : undefined;
  const cut = batchMeans(runs.filter((values) => values.length > 0));
  const width = (interval: Interval | undefined) =>
    interval === undefined ? -1 : interval.high - interval.low;
  if (drawn !== undefined && width(drawn) >= width(cut))
    return { ...drawn, method: "bootstrap over clients" };
  return cut && { low: cut.low, high: cut.high, method: "batch means" };
}
