import { formatShort } from "../core/format.ts";
import type { DemandBySize } from "../queueing/index.ts";
import type { Interval } from "../stats/interval.ts";

/**
 * How the demand depends on the size of a request, and why, one sentence per line; nothing if the requests
 * have no known sizes or a single one.
 *
 * @example
 * ```ts
 * const units = { min: 5, mean: 40, max: 105 };
 * const reason = "The model takes one demand for all sizes: tokens hardly vary between requests.";
 * describeSizes({ name: "tokens", time: "roundTripSeconds", isChosen: false, reason, units }); // [reason]
 * ```
 */
export function describeSizes(found: DemandBySize | undefined): readonly string[] {
  if (found === undefined || found.units.min === found.units.max) return [];
  const { name, baseSeconds, perUnitSeconds, intervals, units, reason, time } = found;
  if (baseSeconds === undefined || perUnitSeconds === undefined || intervals === undefined) return [reason];
  const sign = perUnitSeconds < 0 ? "−" : "+";
  return [
    `demand = ${formatShort(baseSeconds)} s ${sign} ${formatShort(Math.abs(perUnitSeconds))} s × ${name}`,
    `95% intervals: ${range(intervals.baseSeconds)} and ${range(intervals.perUnitSeconds)}`,
    `${name} of a request: ${formatShort(units.min)} … ${formatShort(units.max)}, ${formatShort(units.mean)} on average; slope from the ${TIMES[time]} under light load`,
    reason,
  ];
}

const TIMES: Readonly<Record<DemandBySize["time"], string>> = {
  handlerSeconds: "handler times",
  mlSeconds: "ML times",
  roundTripSeconds: "round trips",
};

const range = ({ low, high }: Interval) => `${formatShort(low)} … ${formatShort(high)} s`;
