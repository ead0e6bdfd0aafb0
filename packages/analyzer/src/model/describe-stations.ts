import { formatShort, formatThreeDigits } from "../core/format.ts";
import type { FittedPart, StationsFinding } from "../queueing/index.ts";

/**
 * The stations of the parts of the round trip, and which of them saturates first, one sentence per line; nothing if no
 * reported time shows more than one station.
 *
 * @example
 * ```ts
 * describeStations(undefined); // []
 * ```
 */
export function describeStations(found: StationsFinding | undefined): readonly string[] {
  if (found === undefined) return [];
  return found.isChosen ? [...found.parts.map(describePart), found.reason] : [found.reason];
}

function describePart({ name, demandSeconds, discipline, intervals, ...part }: FittedPart): string {
  const { low, high } = intervals.servers;
  const atLeast = high === undefined ? "at least " : "";
  const servers = `${atLeast}${formatShort(part.servers)} at a time (${formatShort(low)} … ${high === undefined ? "not seen" : formatShort(high)})`;
  const order = discipline === "first-come" ? ", first come, first served" : "";
  const most = `${atLeast === "" ? "at most" : "at least"} ${formatThreeDigits(part.requestsPerSecond)} requests/s`;
  return `${name}: ${formatShort(demandSeconds)} s, ${servers}${order}; ${most}`;
}
