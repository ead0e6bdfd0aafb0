import type { Judged } from "./findings.ts";

interface KnownMiss {
  readonly row: RegExp;
  readonly column: RegExp;
  readonly reason: string;
}

/** Claims that failed with every method tried, and why. */
const KNOWN: readonly KnownMiss[] = [
  {
    row: /slow phases/,
    column: /within 1 run/,
    reason:
      "Within one run with slow phases: a run of 30 seconds may contain three of them or none, and shows nothing of those it missed. The interval of one run is therefore labelled as such, and experiments have three runs by default.",
  },
  {
    row: /contention/,
    column: /within 1 run|^false alarms$/,
    reason:
      "Within one run of a host that is just saturated (nine users, two servers): the same users meet in the queue for many rounds. Five parts of seven rounds each are too short for that, and the mean wanders although the host does not change. With four times the requests, the error within the run is right.",
  },
];

/** The cause of a miss; undefined if it is not known. */
export function knownMiss({ row, column }: Pick<Judged, "row" | "column">): string | undefined {
  return KNOWN.find((one) => one.row.test(row) && one.column.test(column))?.reason;
}
