import { quantile } from "../../stats/quantile.ts";
import type { ReplayedRequest } from "./replay.ts";

/** Requests that met about as many others, and that a round trip is compared with. */
const NEIGHBOURS = 41;

/** Each round trip ÷ the median of those that met about as many requests. */
export function ratiosToUsual(all: readonly ReplayedRequest[]): readonly number[] {
  const order = [...all.keys()].sort(
    (a, b) => (all[a] as ReplayedRequest).meanInService - (all[b] as ReplayedRequest).meanInService,
  );
  const seconds = order.map((index) => (all[index] as ReplayedRequest).request.roundTripSeconds);
  const ratios = new Array<number>(all.length);
  for (const [rank, index] of order.entries()) {
    const from = Math.max(0, Math.min(rank - (NEIGHBOURS >> 1), seconds.length - NEIGHBOURS));
    const near = seconds.slice(from, from + NEIGHBOURS).sort((a, b) => a - b);
    ratios[index] = (seconds[rank] as number) / quantile(near, 0.5);
  }
  return ratios;
}
