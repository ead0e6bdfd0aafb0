import type { FigureTable } from "../figure.ts";
import type { Timeline } from "./data.ts";

export const TITLE = "Users and failures over the run";
export const AXES = { x: "minutes since the first request", y: "virtual users at work" } as const;
export const SERIES = { active: "users at work", failures: "failed requests" } as const;

const requests = (count: number) => `${count} ${count === 1 ? "request" : "requests"}`;

export const failureText = (count: number, minutes: number): string =>
  `${count} failed ${count === 1 ? "request" : "requests"}, ${minutes.toFixed(2)} minutes after the first request`;

/** @param hidden places of failures that are not drawn */
export function timelineNotes({ failuresSeconds: { length } }: Timeline, drawn: number, hidden: number) {
  return [
    length === 0 ? "No request failed." : `${requests(length)} failed: a diamond marks each end.`,
    ...(hidden > 0 ? [`Only the first ${drawn} diamonds are drawn.`] : []),
    "Cells run one after the other, in random order.",
  ];
}

export function timelineTable({ active, failuresSeconds }: Timeline): FigureTable {
  let failed = 0;
  return {
    head: [
      "seconds since the first request",
      "users at work from then on",
      "requests that failed until then",
    ],
    rows: active.map(({ atSeconds, users }) => {
      while (failed < failuresSeconds.length && (failuresSeconds[failed] as number) <= atSeconds) failed++;
      return [atSeconds.toFixed(1), String(users), String(failed)];
    }),
  };
}
