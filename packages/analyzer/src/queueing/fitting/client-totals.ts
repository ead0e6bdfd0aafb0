import { NEAR_LIMIT } from "../../core/near-limit.ts";
import type { Moments } from "./censored.ts";
import type { ModelClient } from "./observation.ts";
import { type SizedMoments, sizedSums } from "./sized-moments.ts";

/** Totals over one client's requests, or over some of them. */
export interface Totals {
  readonly repetition: number;
  /** Sent requests, and the sum of their round trips. */
  readonly requests: number;
  readonly sumSeconds: number;
  readonly successful: Moments;
  /** Requests that timed out. */
  readonly cutRequests: number;
  /** Requests known to have failed before the limit. */
  readonly quickFailures: number;
  readonly handler: { readonly count: number; readonly sumSeconds: number };
  /** Over the successful requests whose size is known. */
  readonly sized?: SizedMoments;
}

/** Prefix sums of one client: totals over any range of requests in two look-ups, for millions of bootstrap blocks. */
export interface ClientTotals {
  readonly whole: Totals;
  /** Totals of a circular block bootstrap resample of the same length. */
  readonly draw: (random: () => number) => Totals;
}

/** Block length: neighbouring requests are correlated. */
const BLOCK = 6;

/** Reports in the older form do not say which requests failed: assume the slowest. */
export function failedRequests(client: ModelClient): Uint8Array {
  const { roundTripSeconds: times, successful, successfulRequests } = client;
  const size = times.length;
  if (successful !== undefined)
    return Uint8Array.from(times, (_, index) => (successful[index] === true ? 0 : 1));
  const failed = new Uint8Array(size);
  if (successfulRequests < size) {
    const slowestFirst = Array.from(times.keys()).sort((a, b) => (times[b] as number) - (times[a] as number));
    for (const index of slowestFirst.slice(0, size - successfulRequests)) failed[index] = 1;
  }
  return failed;
}

export function clientTotals(client: ModelClient, limitSeconds: number): ClientTotals {
  const { roundTripSeconds: times, handlerSeconds = [], repetition = 1 } = client;
  const size = times.length;
  const failed = failedRequests(client);
  const isKnown = client.successful !== undefined;
  // Prefix sums.
  const [sums, successful, successfulSums, squares, cuts, quick] = Array.from(
    { length: 6 },
    () => new Float64Array(size + 1),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let index = 0; index < size; index++) {
    const seconds = times[index] as number;
    const isSuccessful = failed[index] === 0;
    const add = (into: Float64Array, value: number) => {
      into[index + 1] = (into[index] as number) + value;
    };
    add(sums, seconds);
    add(successful, isSuccessful ? 1 : 0);
    add(successfulSums, isSuccessful ? seconds : 0);
    add(squares, isSuccessful ? seconds * seconds : 0);
    const isCut = !isSuccessful && seconds >= NEAR_LIMIT * limitSeconds;
    add(cuts, isCut ? 1 : 0);
    add(quick, isKnown && !isSuccessful && !isCut ? 1 : 0);
  }
  const sizedOver = sizedSums(client, failed);
  const handler = {
    count: handlerSeconds.length,
    sumSeconds: handlerSeconds.reduce((sum, value) => sum + value, 0),
  };
  const between = (prefix: Float64Array, from: number, to: number) =>
    (prefix[to] as number) - (prefix[from] as number);
  const over = (stretches: readonly (readonly [from: number, to: number])[]): Totals => {
    let [sumSeconds, count, sum, ofSquares, cutRequests, quickFailures] = [0, 0, 0, 0, 0, 0];
    for (const [from, to] of stretches) {
      sumSeconds += between(sums, from, to);
      count += between(successful, from, to);
      sum += between(successfulSums, from, to);
      ofSquares += between(squares, from, to);
      cutRequests += between(cuts, from, to);
      quickFailures += between(quick, from, to);
    }
    const moments = { count, sum, squares: ofSquares };
    return {
      repetition,
      requests: size,
      sumSeconds,
      successful: moments,
      cutRequests,
      quickFailures,
      handler,
      ...(sizedOver !== undefined && { sized: sizedOver(stretches) }),
    };
  };
  return {
    whole: over([[0, size]]),
    draw: (random) => over([...blocks(size, random)]),
  };
}

/**
 * Circular blocks: the first requests follow the last, so that each is drawn equally often.
 * @see Politis and Romano 1992, A circular block-resampling procedure for stationary data
 */
function* blocks(size: number, random: () => number): Iterable<readonly [number, number]> {
  for (let drawn = 0; drawn < size; drawn += BLOCK) {
    const start = Math.floor(random() * size);
    const end = start + Math.min(BLOCK, size - drawn);
    yield [start, Math.min(end, size)];
    if (end > size) yield [0, end - size];
  }
}
