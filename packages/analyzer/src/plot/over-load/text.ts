import { formatUsers } from "../../core/format.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { FigureTable } from "../figure.ts";
import { fourDigits } from "../text.ts";
import type { CellQuantity, UsersPoint } from "./data.ts";

export interface OverUsersText {
  readonly title: string;
  /** What is drawn, with its unit. */
  readonly axis: string;
  readonly notes: readonly string[];
}

export const successText: OverUsersText = {
  title: "Success rate over users",
  axis: "success rate, mean over users (%)",
  notes: ["Bars: 95% interval of the share of successful requests (Wilson)."],
};

export const roundTripText: OverUsersText = {
  title: "Mean round trip over users",
  axis: "mean round trip (s)",
  notes: [
    "The mean includes failed requests, as published.",
    "Bars: 95% interval of the mean (bootstrap over users; batch means for fewer than five users).",
  ],
};

export const throughputText: OverUsersText = {
  title: "Throughput over users",
  axis: "successful requests per second",
  notes: ["From a run's first request to its last response, so it includes the users' start and end."],
};

/** What a mark tells. */
export function pointText(name: string, axis: string, { users, value, interval }: UsersPoint): string {
  const range = interval && ` (95% interval ${fourDigits(interval.low)} to ${fourDigits(interval.high)})`;
  return `${name}: ${formatUsers(users)}, ${axis} ${fourDigits(value)}${range ?? ""}`;
}

export function overUsersTable(
  cells: readonly CellSummary[],
  axis: string,
  { value, interval }: CellQuantity,
): FigureTable {
  const digits = (one: number | undefined) => one?.toPrecision(5) ?? "";
  return {
    head: ["think time (s)", "users", axis, "interval from", "to"],
    rows: cells.map((cell) => [
      String(cell.thinkTimeSeconds),
      String(cell.users),
      ...[value(cell), interval(cell)?.low, interval(cell)?.high].map(digits),
    ]),
  };
}
