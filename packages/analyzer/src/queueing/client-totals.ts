import { NEAR_LIMIT } from "../core/near-limit.ts";
import type { Moments } from "./censored.ts";
import type { ModelClient } from "./observation.ts";

/** What an observation needs of one client's frames, or of some of them. */
export interface Totals {
  readonly repetition: number;
  /** Sent frames, and the sum of all their round trips. */
  readonly frames: number;
  readonly sumSeconds: number;
  readonly answered: Moments;
  /** Failed frames that the limit cut. */
  readonly cutFrames: number;
  /** Frames of which is known that they failed sooner. */
  readonly quickFailures: number;
  readonly handler: { readonly count: number; readonly sumSeconds: number };
}

/** A client whose totals over any stretch of frames cost two look-ups: a bootstrap asks for millions. */
export interface ClientTotals {
  readonly whole: Totals;
  /** Totals of blocks of frames drawn with replacement, as many frames as there are. */
  readonly draw: (random: () => number) => Totals;
}

/** Frames that are drawn together: neighbours resemble each other. */
const BLOCK = 6;

/** Reports of the older form do not say which frames failed: those that took longest. */
export function failedFrames(client: ModelClient): Uint8Array {
  const { roundTripSeconds: times, answered, answeredFrames } = client;
  const size = times.length;
  if (answered !== undefined) return Uint8Array.from(times, (_, index) => (answered[index] === true ? 0 : 1));
  const failed = new Uint8Array(size);
  if (answeredFrames < size) {
    const slowestFirst = Array.from(times.keys()).sort((a, b) => (times[b] as number) - (times[a] as number));
    for (const index of slowestFirst.slice(0, size - answeredFrames)) failed[index] = 1;
  }
  return failed;
}

export function clientTotals(client: ModelClient, limitSeconds: number): ClientTotals {
  const { roundTripSeconds: times, handlerSeconds = [], repetition = 1 } = client;
  const size = times.length;
  const failed = failedFrames(client);
  const isKnown = client.answered !== undefined;
  // Sums up to each frame.
  const [sums, answered, answeredSums, squares, cuts, quick] = Array.from(
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
    add(answeredSums, isAnswered ? seconds : 0);
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
    let [sumSeconds, count, sum, ofSquares, cutFrames, quickFailures] = [0, 0, 0, 0, 0, 0];
    for (const [from, to] of stretches) {
      sumSeconds += between(sums, from, to);
      count += between(answered, from, to);
      sum += between(answeredSums, from, to);
      ofSquares += between(squares, from, to);
      cutFrames += between(cuts, from, to);
      quickFailures += between(quick, from, to);
    }
    const moments = { count, sum, squares: ofSquares };
    return { repetition, frames: size, sumSeconds, answered: moments, cutFrames, quickFailures, handler };
  };
  return {
    whole: over([[0, size]]),
    draw: (random) => over(blocks(size, random)),
  };
}

/**
 * Blocks from anywhere, the first frames following upon the last: each frame is drawn as often as any other.
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
