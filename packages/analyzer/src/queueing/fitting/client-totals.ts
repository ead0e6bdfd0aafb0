import { NEAR_LIMIT } from "../../core/near-limit.ts";
import type { Moments } from "./censored.ts";
import type { ModelClient } from "./observation.ts";

/** What an observation needs of one client's requests, or of some of them. */
export interface Totals {
  readonly repetition: number;
  /** Sent requests, and the sum of all their round trips. */
  readonly requests: number;
  readonly sumSeconds: number;
  readonly answered: Moments;
  /** Failed requests that the limit cut. */
  readonly cutRequests: number;
  /** Requests of which is known that they failed sooner. */
  readonly quickFailures: number;
  readonly handler: { readonly count: number; readonly sumSeconds: number };
}

/** A client whose totals over any stretch of requests cost two look-ups: a bootstrap asks for millions. */
export interface ClientTotals {
  readonly whole: Totals;
  /** Totals of blocks of requests drawn with replacement, as many requests as there are. */
  readonly draw: (random: () => number) => Totals;
}

/** Requests that are drawn together: neighbours resemble each other. */
const BLOCK = 6;

/** Reports of the older form do not say which requests failed: those that took longest. */
export function failedRequests(client: ModelClient): Uint8Array {
  const { roundTripSeconds: times, answered, successfulRequests } = client;
  const size = times.length;
  if (answered !== undefined) return Uint8Array.from(times, (_, index) => (answered[index] === true ? 0 : 1));
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
  const isKnown = client.answered !== undefined;
  // Sums up to each request.
  const [sums, answered, successfulSums, squares, cuts, quick] = Array.from(
    { length: 6 },
    () => new Float64Array(size + 1),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  for (let index = 0; index < size; index++) {
    const seconds = times[index] as number;
    const isAnswered = failed[index] === 0;
    const add = (into: Float64Array, value: number) => {
      into[index + 1] = (into[index] as number) + value;
    };
    add(sums, seconds);
    add(answered, isAnswered ? 1 : 0);
    add(successfulSums, isAnswered ? seconds : 0);
    add(squares, isAnswered ? seconds * seconds : 0);
    const isCut = !isAnswered && seconds >= NEAR_LIMIT * limitSeconds;
    add(cuts, isCut ? 1 : 0);
    add(quick, isKnown && !isAnswered && !isCut ? 1 : 0);
  }
  const handler = {
    count: handlerSeconds.length,
    sumSeconds: handlerSeconds.reduce((sum, value) => sum + value, 0),
  };
  const between = (prefix: Float64Array, from: number, to: number) =>
    (prefix[to] as number) - (prefix[from] as number);
  const over = (stretches: Iterable<readonly [from: number, to: number]>): Totals => {
    let [sumSeconds, count, sum, ofSquares, cutRequests, quickFailures] = [0, 0, 0, 0, 0, 0];
    for (const [from, to] of stretches) {
      sumSeconds += between(sums, from, to);
      count += between(answered, from, to);
      sum += between(successfulSums, from, to);
      ofSquares += between(squares, from, to);
      cutRequests += between(cuts, from, to);
      quickFailures += between(quick, from, to);
    }
    const moments = { count, sum, squares: ofSquares };
    return { repetition, requests: size, sumSeconds, answered: moments, cutRequests, quickFailures, handler };
  };
  return {
    whole: over([[0, size]]),
    draw: (random) => over(blocks(size, random)),
  };
}

/**
 * Blocks from anywhere, the first requests following upon the last: each request is drawn as often as any other.
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
