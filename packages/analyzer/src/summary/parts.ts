import type { Outcome } from "@slbench/client/report";
import type { RequestList } from "../columns/request-list.ts";
import { type PartSums, REPORTED_TIMES, type ReportedTimes } from "../columns/request-totals.ts";

/**
 * How the round trip of a successful request splits: means in seconds that add up to its mean. A time that the function
 * does not report is in `gatewaySeconds`.
 */
export interface TimeParts {
  /** Requests whose parts are all known. */
  readonly count: number;
  /** Absent if the function does not report it. */
  readonly mlSeconds?: number;
  /** The handler without ML: decoding, blurring, encoding. Absent if the function reports no time of the handler. */
  readonly handlerRestSeconds?: number;
  /** From the request's last byte to the response's first, without the times above: gateway, queue, server, wire. */
  readonly gatewaySeconds: number;
  /** Connecting, sending and receiving. */
  readonly networkSeconds: number;
  /** The rest: the client's own work. */
  readonly clientSeconds: number;
}

/**
 * Splits the successful requests' round trips, of those requests that report the same times as most do; undefined if the
 * client timed no request's wait.
 */
export function splitRoundTrips(clients: readonly RequestList[]): TimeParts | undefined {
  const all = clients.map(({ parts }) => parts);
  const countOf = (reported: ReportedTimes) => all.reduce((total, own) => total + own[reported].split, 0);
  const reported = REPORTED_TIMES.reduce((most, other) => (countOf(other) > countOf(most) ? other : most));
  const count = countOf(reported);
  if (count === 0) return undefined;
  const mean = (name: keyof PartSums) => all.reduce((total, own) => total + own[reported][name], 0) / count;
  return {
    count,
    ...((reported === "both" || reported === "ml") && { mlSeconds: mean("ml") }),
    ...((reported === "both" || reported === "handler") && { handlerRestSeconds: mean("handlerRest") }),
    gatewaySeconds: mean("gateway"),
    networkSeconds: mean("network"),
    clientSeconds: mean("client"),
  };
}

/** How many requests ended how; only outcomes that occurred, by name. */
export function countOutcomes(clients: readonly RequestList[]): Readonly<Partial<Record<Outcome, number>>> {
  const counts = new Map<Outcome, number>();
  for (const requests of clients) {
    for (let index = 0; index < requests.length; index++) {
      const outcome = requests.outcome(index);
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
  }
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
