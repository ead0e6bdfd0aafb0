import { quantileOfUnsorted } from "../../stats/quantile.ts";
import type { ReplayedRequest } from "./replay.ts";

/** Requests that met about as many others, and that are compared with each other. */
const GROUP = 41;

/** Each round trip ÷ the median of those that met about as many requests. */
export function ratiosToUsual(all: readonly ReplayedRequest[]): readonly number[] {
  if (all.length === 0) return [];
  const order = [...all.keys()].sort(
    (a, b) => (all[a] as ReplayedRequest).meanInService - (all[b] as ReplayedRequest).meanInService,
  );
  const secondsOf = (index: number) => (all[index] as ReplayedRequest).request.roundTripSeconds;
  const ratios = new Array<number>(all.length);
  const groups = Math.max(1, Math.floor(order.length / GROUP));
  for (let group = 0; group < groups; group++) {
    const end = group === groups - 1 ? order.length : (group + 1) * GROUP;
    const own = order.slice(group * GROUP, end);
    const usual = quantileOfUnsorted(own.map(secondsOf), 0.5);
    for (const index of own) ratios[index] = secondsOf(index) / usual;
  }
  return ratios;
}
