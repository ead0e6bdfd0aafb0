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
    column: /within 1 run|^false alarms$/,
    reason:
      "Within one run of a host that is just saturated (nine users, two servers): who meets whom stays alike over many rounds, so that five parts of seven rounds each are too short, and the mean wanders without any change of the host. With four times the requests the error within the run is right.",
  },
];

/** Why a claim is known to miss; undefined if it is not known. */
export function knownMiss({ row, column }: Pick<Judged, "row" | "column">): string | undefined {
  return KNOWN.find((one) => one.row.test(row) && one.column.test(column))?.reason;
}
