import { formatCount, formatInteger } from "../../core/format.ts";
import type { FigureTable } from "../figure.ts";
import type { AxisUnit } from "../time-unit.ts";
import type { Timeline } from "./data.ts";

/** Who is at work: virtual users, or the clients that send the requests of an open loop. */
export interface Workers {
  readonly title: string;
  readonly axis: string;
  readonly active: string;
}

export const USERS: Workers = {
  title: "Users and failures over the run",
  axis: "active virtual users",
  active: "active users",
};

export const OPEN_CLIENTS: Workers = {
  title: "Clients and failures over the run",
  axis: "clients at work",
  active: "clients at work",
};

export const timeAxis = ({ name }: AxisUnit): string => `${name} since the first request`;
export const FAILURES = "failed requests";

export const failureText = (count: number, atSeconds: number, { name, seconds }: AxisUnit): string =>
  `${formatCount(count, "failed request")}, ${(atSeconds / seconds).toFixed(2)} ${name} after the first request`;

/** @param hidden places of failures that are not drawn */
export function timelineNotes({ failuresSeconds: { length } }: Timeline, drawn: number, hidden: number) {
  return [
    length === 0
      ? "No request failed."
      : `${formatCount(length, "request")} failed: a diamond marks each end.`,
    ...(hidden > 0 ? [`Only the first ${drawn} diamonds are drawn.`] : []),
    "Cells run one after the other, in random order.",
  ];
}

export function timelineTable({ active, failuresSeconds }: Timeline, workers: Workers): FigureTable {
  let failed = 0;
  return {
    head: [
      "seconds since the first request",
      `${workers.active} from then on`,
      "requests that failed until then",
    ],
    rows: active.map(({ atSeconds, users }) => {
      while (failed < failuresSeconds.length && (failuresSeconds[failed] as number) <= atSeconds) failed++;
      return [atSeconds.toFixed(1), String(users), formatInteger(failed)];
    }),
  };
}
