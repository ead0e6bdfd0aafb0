import { NEAR_LIMIT } from "../../core/near-limit.ts";
import type { Moments } from "./censored.ts";
import type { ModelClient } from "./observation.ts";
import { type SizedMoments, sizedSums } from "./sized-moments.ts";

/** Totals over one client's requests. */
export interface ClientTotals {
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
  const failed = failedRequests(client);
  const isKnown = client.successful !== undefined;
  let [sumSeconds, count, sum, squares, cutRequests, quickFailures] = [0, 0, 0, 0, 0, 0];
  for (const [index, seconds] of times.entries()) {
    sumSeconds += seconds;
    if (failed[index] === 0) {
      count++;
      sum += seconds;
      squares += seconds * seconds;
    } else if (seconds >= NEAR_LIMIT * limitSeconds) cutRequests++;
    else if (isKnown) quickFailures++;
  }
  const sized = sizedSums(client, failed);
  return {
    ...{ repetition, requests: times.length, sumSeconds, cutRequests, quickFailures },
    successful: { count, sum, squares },
    handler: {
      count: handlerSeconds.length,
      sumSeconds: handlerSeconds.reduce((total, value) => total + value, 0),
    },
    ...(sized !== undefined && { sized }),
  };
}
