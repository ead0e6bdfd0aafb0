import { meansOfBatches } from "./batch-means.ts";
import { RESAMPLES, resampledMeans, SEED } from "./bootstrap-mean.ts";
import { CONFIDENCE_LEVEL, type Interval } from "./interval.ts";
import { mean } from "./mean.ts";

/** Fewer clients than this say too little of how clients differ. */
const MIN_CLIENTS = 5;

import { quantile } from "./quantile.ts";
import { createRandom } from "./random.ts";
import { stdev } from "./stdev.ts";
import { welchInterval } from "./welch.ts";

export interface Comparison {
  readonly before: number;
  readonly after: number;
  /** after − before, in the values' unit. */
  readonly difference: number;
  /** after ÷ before; absent if before is 0. */
  readonly ratio?: number;
  /**
   * Of the difference, 95%: the wider one of bootstrap over clients (from 5 clients on each side) and, if runs
   * are given, Welch's over batch means (from 40 values on each side); absent if there are too few for either.
   */
  readonly interval?: Interval;
  /** Hedges' g: the difference in pooled standard deviations of clients' means; absent if they do not vary. */
  readonly effectSize?: number;
  /** `no difference shown` if the interval holds 0 or is not known; that is no proof of equality. */
  readonly verdict: "higher" | "lower" | "no difference shown";
}

type Values = readonly (readonly number[])[];

export interface CompareOptions {
  readonly resamples?: number;
  readonly seed?: number;
  readonly runs?: { readonly before: Values; readonly after: Values };
}

/**
 * Compares the means of two results, each given as the values of every client.
 *
 * @param options.runs the same values of each run in order of time: clients side by side share slow phases, which
 *   only batch means show
 * @returns undefined if a side has no values
 * @see Hedges 1981, Journal of Educational Statistics 6(2); Davison and Hinkley 1997, 4.4
 *
 * @example
 * ```ts
 * compare([[1, 1.1], [1, 1.2]], [[2, 2.1], [2, 2.2]])?.ratio?.toFixed(2); // "1.93"
 * ```
 */
export function compare(
  before: readonly (readonly number[])[],
  after: readonly (readonly number[])[],
  { resamples = RESAMPLES, seed = SEED, runs }: CompareOptions = {},
): Comparison | undefined {
  const centreBefore = mean(before.flat());
  const centreAfter = mean(after.flat());
  if (centreBefore === undefined || centreAfter === undefined) return undefined;
  const random = createRandom(seed);
  const isEnough = clientMeans(before).length >= MIN_CLIENTS && clientMeans(after).length >= MIN_CLIENTS;
  const drawnBefore = isEnough ? resampledMeans(before, resamples, random) : undefined;
  const drawnAfter = isEnough ? resampledMeans(after, resamples, random) : undefined;
  const overClients =
    drawnBefore && drawnAfter && middle(drawnAfter.map((value, i) => value - (drawnBefore[i] as number)));
  const batchesBefore = meansOfBatches(runs?.before ?? []);
  const batchesAfter = meansOfBatches(runs?.after ?? []);
  const overTime = batchesBefore && batchesAfter && welchInterval(batchesBefore, batchesAfter);
  const interval = wider(overClients, overTime);
  const effectSize = hedges(clientMeans(before), clientMeans(after));
  return {
    before: centreBefore,
    after: centreAfter,
    difference: centreAfter - centreBefore,
    ...(centreBefore !== 0 && { ratio: centreAfter / centreBefore }),
    ...(interval !== undefined && { interval }),
    ...(effectSize !== undefined && { effectSize }),
    verdict:
      interval === undefined || (interval.low <= 0 && interval.high >= 0)
        ? "no difference shown"
        : interval.low > 0
          ? "higher"
          : "lower",
  };
}

function wider(one: Interval | undefined, other: Interval | undefined): Interval | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.high - other.low > one.high - one.low ? other : one;
}

function middle(values: readonly number[]): Interval {
  const sorted = values.toSorted((a, b) => a - b);
  const tail = (1 - CONFIDENCE_LEVEL) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

const clientMeans = (clients: readonly (readonly number[])[]) =>
  clients.flatMap((values) => mean(values) ?? []);

/** g = J d with J = 1 − 3 / (4 ν − 1), ν = n₁ + n₂ − 2. */
function hedges(before: readonly number[], after: readonly number[]): number | undefined {
  const spreads = [stdev(before), stdev(after)] as const;
  if (spreads[0] === undefined || spreads[1] === undefined) return undefined;
  const degrees = before.length + after.length - 2;
  const pooled = Math.sqrt(
    ((before.length - 1) * spreads[0] ** 2 + (after.length - 1) * spreads[1] ** 2) / degrees,
  );
  if (pooled === 0) return undefined;
  const difference = (mean(after) as number) - (mean(before) as number);
  return ((1 - 3 / (4 * degrees - 1)) * difference) / pooled;
}
