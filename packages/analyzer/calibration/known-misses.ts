import type { Judged } from "./findings.ts";

interface KnownMiss {
  readonly row: RegExp;
  readonly column: RegExp;
  readonly reason: string;
}

/** Claims that no method tried could keep, and why. */
const KNOWN: readonly KnownMiss[] = [
  {
    row: /slow phases/,
    column: /within 1 run/,
    reason:
      "Within one run with slow phases: a run of 30 seconds sees three of them or none, and cannot know of those it did not see. Therefore the interval of one run is labelled as such, and experiments have three runs by default.",
  },
  {
    row: /contention/,
    column: /^false alarms$/,
    reason:
      "All users start within one think time, and two servers near saturation take six rounds to forget it: the first rounds are truly slower, by 20% and less. The change is real, but it is not the host's.",
  },
];

/** Why a claim is known to miss; undefined if it is not known. */
export function knownMiss({ row, column }: Pick<Judged, "row" | "column">): string | undefined {
  return KNOWN.find((one) => one.row.test(row) && one.column.test(column))?.reason;
}
