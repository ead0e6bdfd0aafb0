import type { Judged } from "./findings.ts";

interface KnownMiss {
  /** Absent: every section. */
  readonly section?: RegExp;
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
  {
    section: /^Goals: mean/,
    row: /cold starts/,
    column: /^passes, within 1 run/,
    reason:
      "Within one run with cold starts: each adds half a second and delays the requests behind it, so chance decides how many of the five parts show one, and the mean of a run that met few is below the true mean with too small an error.",
  },
];

/** The cause of a miss; undefined if it is not known. */
export function knownMiss({
  section,
  row,
  column,
}: Pick<Judged, "section" | "row" | "column">): string | undefined {
  return KNOWN.find(
    (one) => (one.section?.test(section) ?? true) && one.row.test(row) && one.column.test(column),
  )?.reason;
}
