import type { ClientRun } from "../../clients/client-run.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { distinct, type MeasuredCell } from "../figure.ts";

/** Lines that one grid may have: more cannot be told apart, and make the page slow. */
export const MAX_USERS_DRAWN = 30;
/** Grids so many times below the others' scale have one of their own: they would be lines on the axis. */
const FAR_BELOW = 10;

/** What is drawn of a request, a row of panels each. */
const TIMES = ["roundTrip", "handler", "ml"] as const;
export type TimeName = (typeof TIMES)[number];

/** One user's line in the figure: each point is a request's number and its value, NaN where the value is missing. */
export interface Trace {
  readonly numbers: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/** A cell and the traces of its first users. */
export interface Column extends MeasuredCell {
  readonly traces: readonly Trace[];
}

/** Upper ends of a grid's axes. */
export interface GridScales {
  readonly lastRequest: number;
  readonly rows: readonly number[];
  /** The longest of all grids, per row. */
  readonly longest: readonly number[];
  /** No grid has a scale of its own. */
  readonly isCommon: boolean;
}

/** All requests of one number of users, a column per think time. */
export interface RequestGrid {
  readonly users: number;
  readonly columns: readonly Column[];
  /** The rows: times that no request has are left out. */
  readonly times: readonly TimeName[];
  readonly scales: GridScales;
}

/** The publication's grids, for at most twelve numbers of users. */
export function requestGridsOf(cells: readonly MeasuredCell[]): readonly RequestGrid[] {
  const users = gridUsers(cells.map(({ cell }) => cell));
  const all = users.map((count) =>
    cells
      .filter(({ cell }) => cell.users === count)
      .map((own): Column => ({ ...own, traces: own.clients.slice(0, MAX_USERS_DRAWN).map(traceOf) })),
  );
  const times = TIMES.filter(
    (time, row) => time === "roundTrip" || all.some((columns) => longestOfRow(columns, row) > 0),
  );
  const grids = all.map((columns) => columns.map((column) => withTimes(column, times)));
  const lastRequest = longestOf(
    grids.flat().flatMap(({ traces }) => traces.map(({ numbers }) => longestOf(numbers))),
  );
  const longest = grids.map((columns) => times.map((_, row) => longestOfRow(columns, row)));
  const scales = times.map((_, row) => scalesOf(longest.map((own) => own[row] as number)));
  return users.map((count, index) => ({
    users: count,
    columns: grids[index] ?? [],
    times,
    scales: {
      lastRequest,
      rows: scales.map((row) => row[index] as number),
      longest: scales.map(longestOf),
      isCommon: scales.every((row) => new Set(row).size === 1),
    },
  }));
}

const withTimes = (column: Column, times: readonly TimeName[]): Column => ({
  ...column,
  traces: column.traces.map(({ numbers, rows }) => ({
    numbers,
    rows: rows.filter((_, row) => times.includes(TIMES[row] as TimeName)),
  })),
});

const longestOfRow = (columns: readonly Column[], row: number) =>
  longestOf(columns.flatMap(({ traces }) => traces.map(({ rows }) => longestOf(rows[row] ?? []))));

/** One scale for all grids; if some lie far below it, one for those. */
function scalesOf(longest: readonly number[]): readonly number[] {
  const isLow = longest.map((own) => FAR_BELOW * own < longestOf(longest));
  const low = longestOf(longest.filter((_, index) => isLow[index]));
  return isLow.map((one) => (one ? low : longestOf(longest)));
}

/** A client's requests in the order of sending; the older text form only has the order of the responses. */
function traceOf(client: ClientRun): Trace {
  const { requests } = client;
  if (requests === undefined) {
    const rows = [client.roundTripSeconds, client.handlerSeconds, client.mlSeconds];
    return { numbers: client.roundTripSeconds.map((_, index) => index + 1), rows };
  }
  const successful = (name: "handlerSeconds" | "mlSeconds") =>
    requests.numbers(name).map((value, index) => (requests.outcome(index) === "ok" ? value : Number.NaN));
  return {
    numbers: requests.numbers("sequence"),
    rows: [requests.numbers("roundTripSeconds"), successful("handlerSeconds"), successful("mlSeconds")],
  };
}

/**
 * Numbers of users whose grids are drawn: at most `count`, spread over all.
 *
 * @example
 * ```ts
 * gridUsers([]); // []
 * ```
 */
export function gridUsers(cells: readonly CellSummary[], count = 12): readonly number[] {
  const users = distinct(cells.map((cell) => cell.users));
  if (users.length <= count) return users;
  const at = (index: number) => Math.round((index * (users.length - 1)) / (count - 1));
  return distinct(Array.from({ length: count }, (_, index) => users[at(index)] as number));
}

/** The largest value, ignoring NaN; 0 if every value is NaN. */
export function longestOf(values: readonly number[]): number {
  let longest = 0;
  // A comparison with NaN is false.
  for (const value of values) if (value > longest) longest = value;
  return longest;
}
