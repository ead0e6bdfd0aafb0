import { formatActiveUsers, isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable } from "../markup.ts";
import { brokenLimits, type ServingLimits } from "../serving.ts";
import { percent, threeDecimals } from "../text.ts";

const headOf = (optional: readonly OptionalFigure[]): readonly string[] => [
  ...["Users", "Active on average", "Think time (s)", "Success rate (mean over users)"],
  ...["Round trip, mean (s)", "95% interval of the mean", "median (s)", "p95 (s)", "p99 (s)"],
  ...optional.map(({ long }) => long),
  ...["Requests/s", "Successful / sent", "Serves"],
];

/** A row per cell with its main figures. */
export function cellsSection(cells: readonly CellSummary[], limits: ServingLimits): string {
  const optional = optionalFigures(cells);
  return htmlTable(
    headOf(optional),
    cells.map((cell) => cellRow(cell, limits, optional)),
    "Cells",
  );
}

function cellRow(
  cell: CellSummary,
  limits: ServingLimits,
  optional: readonly OptionalFigure[],
): readonly string[] {
  const { roundTripSeconds: trip, roundTripInterval: interval } = cell;
  const broken = brokenLimits(cell, limits);
  return [
    ...[String(cell.users), cell.meanActiveUsers?.toFixed(2) ?? ""],
    ...[String(cell.thinkTimeSeconds), percent(cell.successRate.meanOverClients)],
    threeDecimals(trip.mean),
    interval ? `${threeDecimals(interval.low)} … ${threeDecimals(interval.high)}` : "",
    ...[trip.median, trip.p95, trip.p99].map(threeDecimals),
    ...[...optional.map(({ of }) => of(cell)), cell.throughputPerSecond].map(threeDecimals),
    `${cell.requests.successful} / ${cell.requests.sent}`,
    serves(cell, broken),
  ];
}

function serves(cell: CellSummary, broken: readonly string[]): string {
  if (broken.length > 0) return `no: ${broken.join(", ")}`;
  return isUnderloaded(cell) ? `not shown: ${formatActiveUsers(cell)} active on average` : "yes";
}
