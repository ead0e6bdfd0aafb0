import type { Outcome } from "@slbench/client/report";
import type { RequestList } from "../columns/request-table.ts";
import type { PartSums } from "../columns/request-totals.ts";

/** How the round trip of a successful request splits: means in seconds that add up to its mean. */
export interface TimeParts {
  /** Requests whose parts are all known. */
  readonly count: number;
  readonly mlSeconds: number;
  /** The handler without ML: decoding, blurring, encoding. */
  readonly handlerRestSeconds: number;
  /** From the request's last byte to the response's first, without the handler: gateway, queue, function's server. */
  readonly gatewaySeconds: number;
  /** Connecting, sending and receiving. */
  readonly networkSeconds: number;
  /** The rest: the client's own work. */
  readonly clientSeconds: number;
}

/** Splits the successful requests' round trips; undefined if no request has all its parts. */
export function splitRoundTrips(clients: readonly RequestList[]): TimeParts | undefined {
  const sums = clients.map(({ parts }) => parts);
  const sum = (name: keyof PartSums) => sums.reduce((total, own) => total + own[name], 0);
  const count = sum("split");
  if (count === 0) return undefined;
  return {
    count,
    mlSeconds: sum("ml") / count,
    handlerRestSeconds: sum("handlerRest") / count,
    gatewaySeconds: sum("gateway") / count,
    networkSeconds: sum("network") / count,
    clientSeconds: sum("client") / count,
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
