import { formatPercent, formatShort } from "../core/format.ts";
import type { ClassesFinding, RequestClass } from "../queueing/index.ts";

/** Payloads that are named; of more, their number is. Sizes are short: all of them are. */
const MAX_NAMED = 4;

/**
 * The two classes of requests, and why there are or are not two, one sentence per line; nothing if requests are not
 * known to be of several kinds.
 *
 * @example
 * ```ts
 * describeClasses(undefined); // []
 * ```
 */
export function describeClasses(found: ClassesFinding | undefined): readonly string[] {
  if (found === undefined) return [];
  return [
    ...(found.isChosen ? (found.classes ?? []) : []).map((one) => describeClass(one, found.unit)),
    found.reason,
  ];
}

function describeClass(
  { name, kinds, share, demandSeconds = 0, interval }: RequestClass,
  unit: string | undefined,
): string {
  const range =
    interval === undefined ? "" : ` (${formatShort(interval.low)} … ${formatShort(interval.high)})`;
  return `${name}: demand ${formatShort(demandSeconds)} s${range}, ${formatPercent(share, 0)} of the requests: ${nameKinds(kinds, unit)}`;
}

function nameKinds(kinds: readonly string[], unit: string | undefined): string {
  if (unit !== undefined) return `${kinds.join(", ")} ${unit}`;
  return kinds.length > MAX_NAMED ? `${kinds.length} payloads` : kinds.join(", ");
}
