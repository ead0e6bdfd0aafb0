import type { ClientRun } from "../../clients/client-run.ts";
import { thinkTimeOf } from "../../core/condition.ts";
import { mean } from "../../stats/mean.ts";
import type { FigureTable } from "../figure.ts";
import { seconds } from "../text.ts";
import { type Column, longestOf, MAX_USERS_DRAWN, type TimeName } from "./data.ts";
import { clientName, TIME_NAMES } from "./text.ts";

/** Rows of one grid's table: beyond it the CSV file is handier. */
const MAX_ROWS = 2000;

/** A row per request or, of too many, per user; a note says so. */
export function gridTable(
  columns: readonly Column[],
  times: readonly TimeName[],
): {
  readonly data: FigureTable;
  readonly notes: readonly string[];
} {
  const requests = columns
    .flatMap(({ traces }) => traces.map(({ numbers }) => numbers.length))
    .reduce((sum, count) => sum + count, 0);
  if (requests <= MAX_ROWS) return { data: requestRows(columns, times), notes: [] };
  const note = `The table below has one row per user instead of ${requests} requests; requests.csv has all.`;
  return { data: userRows(columns, times), notes: [note] };
}

function requestRows(columns: readonly Column[], shown: readonly TimeName[]): FigureTable {
  return {
    head: ["think time (s)", "user", "request", ...shown.map((time) => TIME_NAMES[time])],
    rows: columns.flatMap(({ cell, clients, traces }) =>
      traces.flatMap(({ numbers, rows }, index) =>
        numbers.map((number, at) => [
          String(thinkTimeOf(cell)),
          clientName(clients[index] as ClientRun),
          String(number),
          ...rows.map((values) => seconds(values[at])),
        ]),
      ),
    ),
  };
}

function userRows(columns: readonly Column[], shown: readonly TimeName[]): FigureTable {
  return {
    head: [
      ...["think time (s)", "user", "round trips", "mean (s)", "longest (s)"],
      ...shown.slice(1).map((time) => `mean ${TIME_NAMES[time]}`),
    ],
    rows: columns.flatMap(({ cell, clients }) =>
      clients.slice(0, MAX_USERS_DRAWN).map((client) => {
        const { roundTripSeconds: trips } = client;
        const longest = trips.length === 0 ? undefined : longestOf(trips);
        const own = { handler: client.handlerSeconds, ml: client.mlSeconds };
        const ofFunction = shown.flatMap((time) => (time === "roundTrip" ? [] : [mean(own[time])]));
        const times = [mean(trips), longest, ...ofFunction];
        return [String(thinkTimeOf(cell)), clientName(client), String(trips.length), ...times.map(seconds)];
      }),
    ),
  };
}
