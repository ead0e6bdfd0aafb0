import type { ClientRun } from "../../clients/client-run.ts";
import { type ThinkTime, thinkTimeOf, thinkTimesOf } from "../../core/condition.ts";
import { axisEnd, usualRoundTrip } from "../axis-end.ts";
import type { Point } from "../chart/chart.ts";
import type { MeasuredCell } from "../figure.ts";
import { gridUsers, longestOf } from "../request-grid/data.ts";
import { thin } from "../request-grid/thin.ts";

/** Panels side by side, and rows of them: what fits a screen. */
const MAX_COLUMNS = 9;
const MAX_ROWS = 4;
/** Lines of one panel, and points of a line: more cannot be told apart in it. */
export const MAX_LINES = 12;
export const MAX_POINTS = 60;

/** A time of the function that is drawn beside the round trip. */
export type InnerTime = "handlerSeconds" | "mlSeconds";

/** One user's requests by their number; NaN where a time is missing. */
export interface UserLine {
  readonly roundTrip: readonly Point[];
  readonly inner: readonly Point[];
}

/** One cell. */
export interface Multiple {
  readonly users: number;
  readonly think: ThinkTime;
  readonly lines: readonly UserLine[];
  /** What nearly all of its successful requests do not exceed. */
  readonly usualSeconds: number;
  /** Users whose lines are left out. */
  readonly hiddenUsers: number;
}

export interface Multiples {
  /** A row per think time, a panel per number of users; a cell that was not measured is undefined. */
  readonly rows: readonly (readonly (Multiple | undefined)[])[];
  /** What the lines have beside the round trip: the handler's time, else the model's; undefined if neither is known. */
  readonly inner: InnerTime | undefined;
  readonly longestSeconds: number;
  /** The upper end of the axis, beyond which few times lie. */
  readonly endSeconds: number;
  readonly lastRequest: number;
  /** Cells that have no panel. */
  readonly hiddenCells: number;
}

/** Every cell's requests in the order of sending, of many cells some: the lightest and the heaviest are among them. */
export function multiplesOf(cells: readonly MeasuredCell[]): Multiples | undefined {
  const users = gridUsers(
    cells.map(({ cell }) => cell),
    MAX_COLUMNS,
  );
  const thinks = thinkTimesOf(cells.map(({ cell }) => cell)).slice(0, MAX_ROWS);
  const inner = (["handlerSeconds", "mlSeconds"] as const).find((name) =>
    cells.some(({ clients }) => clients.some((client) => client[name].length > 0)),
  );
  const rows = thinks.map((think) =>
    users.map((count) => {
      const found = cells.find(({ cell }) => cell.users === count && thinkTimeOf(cell) === think);
      return found && toMultiple(found, inner);
    }),
  );
  const shown = rows.flat().flatMap((one) => one ?? []);
  const points = shown.flatMap(({ lines }) => lines.flatMap(({ roundTrip }) => roundTrip));
  if (points.length === 0) return undefined;
  const longestSeconds = longestOf(points.map(([, seconds]) => seconds));
  return {
    rows,
    inner,
    longestSeconds,
    endSeconds: axisEnd(longestSeconds, longestOf(shown.map(({ usualSeconds }) => usualSeconds))),
    lastRequest: longestOf(points.map(([number]) => number)),
    hiddenCells: cells.length - shown.length,
  };
}

function toMultiple({ cell, clients }: MeasuredCell, inner: InnerTime | undefined): Multiple {
  const drawn = clients.slice(0, MAX_LINES);
  return {
    ...{ users: cell.users, think: thinkTimeOf(cell) },
    lines: drawn.map((client) => toLine(client, inner)),
    usualSeconds: usualRoundTrip(drawn),
    hiddenUsers: clients.length - drawn.length,
  };
}

/** The older text form only has the order of the responses. */
function toLine(client: ClientRun, inner: InnerTime | undefined): UserLine {
  const { requests } = client;
  const line = (numbers: readonly number[], roundTrips: readonly number[], inners: readonly number[]) => ({
    roundTrip: thin(numbers, roundTrips, MAX_POINTS),
    inner: thin(numbers, inners, MAX_POINTS),
  });
  if (requests === undefined) {
    const numbers = client.roundTripSeconds.map((_, index) => index + 1);
    return line(numbers, client.roundTripSeconds, inner === undefined ? [] : client[inner]);
  }
  const ofSuccessful = (seconds: number, index: number) =>
    requests.outcome(index) === "ok" ? seconds : Number.NaN;
  const inners = inner === undefined ? [] : requests.numbers(inner).map(ofSuccessful);
  return line(requests.numbers("sequence"), requests.numbers("roundTripSeconds"), inners);
}
