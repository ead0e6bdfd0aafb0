import { isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable } from "../markup.ts";
import { brokenLimits, type ServingLimits } from "../serving.ts";
import { decimals, loadOf, percent, thinkTimeOf } from "../text.ts";

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
    ...[loadOf(cell), cell.meanActiveUsers?.toFixed(2) ?? ""],
    ...[thinkTimeOf(cell), percent(cell.successRate.meanOverClients)],
    decimals(trip.mean),
    interval ? `${decimals(interval.low)} … ${decimals(interval.high)}` : "",
    ...[trip.median, trip.p95, trip.p99].map(decimals),
    ...[...optional.map(({ of }) => of(cell)), cell.throughputPerSecond].map(decimals),
    `${cell.requests.successful} / ${cell.requests.sent}`,
    serves(cell, broken),
  ];
}

function serves(cell: CellSummary, broken: readonly string[]): string {
  if (broken.length > 0) return `no: ${broken.join(", ")}`;
  return isUnderloaded(cell) ? "not shown" : "yes";
}
