import type { RequestResult } from "@slbench/client/report";
import type { Interval } from "./interval.ts";

/** How fast two unsynchronized clocks drift apart at most: crystals are good for 50 ppm each. */
const MAX_DRIFT = 1e-4;

/**
 * One interval from several that each hold the offset between two clocks, in seconds: what they have in common. If
 * they contradict each other, the clocks moved in between: then an interval that reaches from one end to the other,
 * widened by the narrowest of them, as that is how well its own ends are known.
 *
 * @returns undefined without any
 * @see Marzullo 1984, Maintaining the time in a distributed system
 *
 * @example
 * ```ts
 * combineOffsets([{ low: -1, high: 2 }, { low: 1, high: 4 }]); // { low: 1, high: 2 }
 * combineOffsets([{ low: 0, high: 1 }, { low: 5, high: 7 }]); // { low: 0, high: 6 }
 * ```
 */
export function combineOffsets(intervals: Iterable<Interval>): Interval | undefined {
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  let narrowest = Number.POSITIVE_INFINITY;
  for (const interval of intervals) {
    low = Math.max(low, interval.low);
    high = Math.min(high, interval.high);
    narrowest = Math.min(narrowest, interval.high - interval.low);
  }
  if (!Number.isFinite(narrowest)) return undefined;
  return low <= high ? { low, high } : { low: high - narrowest, high: low + narrowest };
}

/**
 * A client's clock minus that of the function's gateway, in seconds, from the times in the responses:
 * a request reached the gateway after it was sent, and its first byte came back after the gateway had it. Each request
 * gives an interval as wide as the time on the network; drift within the client's life is allowed for.
 *
 * @returns undefined without such responses
 *
 * @example
 * ```ts
 * offsetFromServer([]); // undefined
 * ```
 */
export function offsetFromServer(requests: readonly RequestResult[]): Interval | undefined {
  const [first, last] = [requests[0], requests.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const middleMicros = (first.startEpochMicros + last.startEpochMicros) / 2;
  return combineOffsets(
    requests.flatMap((request): readonly Interval[] => {
      const { startEpochMicros, sentBeforeEpochMicros, answeredAfterEpochMicros } = request;
      if (typeof sentBeforeEpochMicros !== "number" || typeof answeredAfterEpochMicros !== "number")
        return [];
      const { connectSeconds = 0, sendSeconds, waitSeconds, roundTripSeconds } = request;
      const firstByteSeconds =
        sendSeconds !== undefined && waitSeconds !== undefined
          ? connectSeconds + sendSeconds + waitSeconds
          : roundTripSeconds;
      const drift = MAX_DRIFT * Math.abs(startEpochMicros - middleMicros);
      const low = (startEpochMicros + connectSeconds * 1e6 - sentBeforeEpochMicros - drift) / 1e6;
      const high = (startEpochMicros + firstByteSeconds * 1e6 - answeredAfterEpochMicros + drift) / 1e6;
      // A gateway that was longer at it than the client waited says nothing of its clock.
      return low <= high ? [{ low, high }] : [];
    }),
  );
}
