import type { RequestList } from "../columns/request-list.ts";
import { quantile } from "../stats/quantile.ts";

/** Linux holds an acknowledgement back for 40 ms at least; timers and scheduling add a few. */
const [HOLD_SECONDS, LONGEST_HOLD_SECONDS] = [0.039, 0.046];
/** A body that the server may send without waiting for an acknowledgement: ten segments (RFC 6928). */
const MAX_BYTES = 14_000;
const MIN_REQUESTS = 10;

/**
 * Whether most small responses ended one delayed acknowledgement after their first byte: the server sends head and
 * body apart, and Nagle's algorithm holds the body until the client acknowledges the head.
 * @returns the median of these times in seconds, or undefined
 */
export function delayedAcknowledgement(clients: readonly RequestList[]): number | undefined {
  const received: number[] = [];
  for (const requests of clients) {
    if (requests.has("firstEventSeconds")) continue; // a stream takes its time
    const [times, bytes] = [requests.numbers("receiveSeconds"), requests.numbers("receivedBytes")];
    for (const [index, seconds] of times.entries())
      if (requests.outcome(index) === "ok" && (bytes[index] as number) <= MAX_BYTES && seconds >= 0)
        received.push(seconds);
  }
  if (received.length < MIN_REQUESTS) return undefined;
  const sorted = received.toSorted((a, b) => a - b);
  const [quarter, median] = [quantile(sorted, 0.25), quantile(sorted, 0.5)];
  return quarter >= HOLD_SECONDS && median <= LONGEST_HOLD_SECONDS ? median : undefined;
}
