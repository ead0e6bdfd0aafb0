import { formatUsers } from "../../core/format.ts";
import { fourDigits } from "../text.ts";
import { type InnerTime, MAX_LINES, MAX_POINTS, type Multiple, type Multiples } from "./data.ts";

export const TITLE = "Request by request";
export const AXES = { x: "request", y: "time (s)" } as const;
export const ROUND_TRIP = "response time";
export const INNER_NAMES: Readonly<Record<InnerTime, string>> = {
  handlerSeconds: "in the function",
  mlSeconds: "ML",
};

/** Above a panel; the first of a row also tells its think time. */
export const panelTitle = ({ users }: Multiple): string => formatUsers(users);

export function multiplesNotes({
  rows,
  hiddenCells,
  lastRequest,
  longestSeconds,
  endSeconds,
}: Multiples): readonly string[] {
  const hiddenUsers = rows.flat().reduce((sum, one) => sum + (one?.hiddenUsers ?? 0), 0);
  return [
    "A panel per cell, a line per user in each run, by the request's number; all panels have the same axes.",
    ...(hiddenUsers > 0 ? [`At most ${MAX_LINES} lines per panel are drawn.`] : []),
    ...(lastRequest > MAX_POINTS
      ? [`The longest time of each of ${MAX_POINTS} parts of a line is drawn.`]
      : []),
    ...(hiddenCells > 0 ? [`${hiddenCells} cells have no panel.`] : []),
    ...(endSeconds < longestSeconds
      ? [`Times at the upper edge lie beyond it, up to ${fourDigits(longestSeconds)} s.`]
      : []),
    "requests.csv has every request.",
  ];
}
