import type { Outcome } from "@slbench/client/report";
import type { RequestList } from "../columns/request-table.ts";
import type { RequestTotals } from "../columns/request-totals.ts";

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
  const mean = (name: Exclude<keyof RequestTotals, "serverOffset">) => sum(clients, name) / count;
  const count = sum(clients, "split");
  if (count === 0) return undefined;
  return {
    count,
    mlSeconds: mean("ml"),
    handlerRestSeconds: mean("handlerRest"),
    gatewaySeconds: mean("gateway"),
    networkSeconds: mean("network"),
    clientSeconds: mean("client"),
  };
}

function sum(clients: readonly RequestList[], name: Exclude<keyof RequestTotals, "serverOffset">): number {
  return clients.reduce((total, { totals }) => total + totals[name], 0);
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
