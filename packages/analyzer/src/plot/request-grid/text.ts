import type { ClientRun } from "../../clients/client-run.ts";
import { describeThinkTime, thinkTimeOf } from "../../core/condition.ts";
import { formatUsers } from "../../core/format.ts";
import type { Dash } from "../chart/chart.ts";
import { type Column, MAX_USERS_DRAWN, type RequestGrid, type TimeName } from "./data.ts";
import { MAX_POINTS } from "./thin.ts";

export const TIME_NAMES: Readonly<Record<TimeName, string>> = {
  roundTrip: "round trip (s)",
  handler: "handler (s)",
  ml: "ML (s)",
};
export const REQUEST_AXIS = "request";

export const gridTitle = (users: number): string => `Request by request, ${formatUsers(users)}`;

/** Over the panels; of many columns only the number fits above each. */
export const chartTitle = (users: number, isNarrow: boolean): string =>
  `${formatUsers(users)}: each user, request by request${isNarrow ? ", by think time" : ""}`;

export const columnTitle = ({ cell }: Column, isNarrow: boolean): string =>
  `${isNarrow ? "" : "think time "}${describeThinkTime(thinkTimeOf(cell))}`;

/** How a client calls itself. */
export const clientName = ({ user, sample, repetition }: ClientRun): string =>
  `${user ?? sample.threadName}${repetition > 1 ? `, run ${repetition}` : ""}`;

/** Who a line is: as it calls itself, if it does so at every think time. */
export function lineName(columns: readonly Column[], index: number, dash: Dash | undefined): string {
  const names = new Set(columns.flatMap(({ clients }) => clients.slice(index, index + 1).map(clientName)));
  const [name] = names;
  return `${names.size === 1 ? name : `user ${index + 1}`}${dash ? ` (${dash})` : ""}`;
}

export function gridNotes({ columns, times, scales }: RequestGrid): readonly string[] {
  const clients = columns.flatMap((column) => column.clients);
  const isOld = clients.some(
    (client) => client.requests === undefined && client.handlerSeconds.length < client.sentRequests,
  );
  const hidden = columns.reduce(
    (sum, column) => sum + Math.max(0, column.clients.length - MAX_USERS_DRAWN),
    0,
  );
  const isThinned = columns.some(({ traces }) => traces.some(({ numbers }) => numbers.length > MAX_POINTS));
  return [
    `A line per user, by the request's number.${times.length > 1 ? " A failed request has a round trip, but no time from the function: those lines have a gap there." : ""}`,
    ...(isOld
      ? [
          "Reports of the older text form do not tell which requests failed: handler and ML times are by the response's number.",
        ]
      : []),
    scaleNote(scales, times),
    ...(hidden > 0 ? [`${hidden} users are not drawn: at most ${MAX_USERS_DRAWN} per think time are.`] : []),
    ...(isThinned
      ? [`Users with more than ${MAX_POINTS} requests: the longest time of each of ${MAX_POINTS} parts.`]
      : []),
  ];
}

function scaleNote({ rows, longest, isCommon }: RequestGrid["scales"], times: readonly TimeName[]): string {
  if (isCommon) return "All grids have the same scales.";
  const larger = times.flatMap((time, row) =>
    rows[row] === longest[row]
      ? []
      : [`${TIME_NAMES[time]} up to ${Number((longest[row] as number).toPrecision(3))}`],
  );
  return larger.length > 0
    ? `Other grids have a larger scale: ${larger.join(", ")}.`
    : "Grids with far shorter times have smaller scales.";
}
