import { type BatchMeans, batchMeans } from "./batch-means.ts";
import { bootstrapMean, SEED } from "./bootstrap-mean.ts";
import type { Interval } from "./interval.ts";
import type { Values } from "./values.ts";

export interface MeanInterval extends Interval {
  readonly method: "bootstrap over clients" | "batch means";
}

/** Fewer clients than this say too little of how clients differ. */
export const MIN_CLIENTS = 5;

/** Intervals of one mean, each with its own view of what is independent. */
export interface MeanIntervals {
  /** Bootstrap over clients, which are taken as independent; from 3 clients on. */
  readonly overClients?: Interval;
  /** Over the values in order of time; from 40 values on. */
  readonly batchMeans?: BatchMeans;
  /** See meanInterval(). */
  readonly wider?: MeanInterval;
}

/**
 * 95% interval of the mean of all clients' values, the wider of two: whole clients drawn again, which respects that
 * values of one client resemble each other, and batch means over time, which respect that clients see the same slow
 * phases. The first needs five clients.
 *
 * @param clients each one's values in order
 * @param runs the same values as batch means take them: of each run in order of time
 * @returns undefined if there are too few values for either
 */
export function meanInterval(
  clients: readonly Values[],
  seed = SEED,
  runs: readonly Values[] = clients,
): MeanInterval | undefined {
  const some = clients.filter((values) => values.length > 0);
  return meanIntervals(some, some.length, runs, seed).wider;
}

/**
 * Both intervals and the wider one, see meanInterval().
 * @param clients each one's values, read once
 * @param clientCount how many of them have values
 */
export function meanIntervals(
  clients: Iterable<Values>,
  clientCount: number,
  runs: readonly Values[],
  seed = SEED,
): MeanIntervals {
  const overClients = bootstrapMean(clients, { seed });
  const cut = batchMeans(runs.filter((values) => values.length > 0));
  const drawn = clientCount >= MIN_CLIENTS ? overClients : undefined;
  const width = (interval: Interval | undefined) =>
    interval === undefined ? -1 : interval.high - interval.low;
  const wider: MeanInterval | undefined =
    drawn !== undefined && width(drawn) >= width(cut)
      ? { ...drawn, method: "bootstrap over clients" }
      : cut && { low: cut.low, high: cut.high, method: "batch means" };
  return {
    ...(overClients !== undefined && { overClients }),
    ...(cut !== undefined && { batchMeans: cut }),
    ...(wider !== undefined && { wider }),
  };
}
