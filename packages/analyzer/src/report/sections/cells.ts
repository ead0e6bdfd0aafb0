import { isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable } from "../markup.ts";
import { type CellVerdict, type Judging, judgeCell, type ServingLimits } from "../serving.ts";
import { decimals, loadOf, percent, thinkTimeOf } from "../text.ts";

const headOf = (optional: readonly OptionalFigure[]): readonly string[] => [
  ...["Users", "Active on average", "Think time (s)", "Success rate (mean over users)"],
  ...["Round trip, mean (s)", "95% interval of the mean", "median (s)", "p95 (s)", "p99 (s)"],
  ...optional.map(({ long }) => long),
  ...["Requests/s", "Successful / sent", "Serves"],
];

/** A row per cell with its main figures. */
export function cellsSection(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging = {},
): string {
  const optional = optionalFigures(cells);
  const isMixed = cells.some(({ part }) => part === "steady");
  const rows = cells.map((cell) => {
    const verdict = judgeCell(cell, limits, judging);
    return cellRow(cell, { verdict, isMarked: isMixed && cell.part === "whole" }, optional);
  });
  const notes = legend(cells, rows).map((note) => `<small>${note}</small>`);
  return `${htmlTable(headOf(optional), rows, "Cells")}
<p>${notes.join("<br>")}</p>`;
}

/** Explains the marks that the table has, and which part of the runs it is of. */
function legend(cells: readonly CellSummary[], rows: readonly (readonly string[])[]): readonly string[] {
  const steady = cells.filter(({ part }) => part === "steady").length;
  const part =
    steady === cells.length
      ? "All figures are of the steady part of each run, in which all users were active."
      : steady === 0
        ? "All figures are of whole runs."
        : "Figures are of the steady part of each run, in which all users were active; * of whole runs.";
  const has = (mark: string) => rows.some((row) => row.some((text) => text.includes(mark)));
  return [
    part,
    ...(has("†") ? ["† Within this run only: another run may lie outside. Repeat cells to know more."] : []),
    ...(has("(+") ? ["undecided (+n): about n more requests would decide."] : []),
  ];
}

function cellRow(
  cell: CellSummary,
  { verdict, isMarked }: { readonly verdict: CellVerdict; readonly isMarked: boolean },
  optional: readonly OptionalFigure[],
): readonly string[] {
  const { roundTripSeconds: trip, roundTripInterval: interval } = cell;
  return [
    ...[`${loadOf(cell)}${isMarked ? "*" : ""}`, cell.meanActiveUsers?.toFixed(2) ?? ""],
    ...[thinkTimeOf(cell), percent(cell.successRate.meanOverClients)],
    decimals(trip.mean),
    interval
      ? `${decimals(interval.low)} … ${decimals(interval.high)}${interval.scope === "within this run" ? "†" : ""}`
      : "",
    ...[trip.median, trip.p95, trip.p99].map(decimals),
    ...[...optional.map(({ of }) => of(cell)), cell.throughputPerSecond].map(decimals),
    `${cell.requests.successful} / ${cell.requests.sent}`,
    serves(cell, verdict),
  ];
}

function serves(cell: CellSummary, verdict: CellVerdict): string {
  if (verdict.verdict === "fails") return `no: ${verdict.broken.join(", ")}`;
  if (isUnderloaded(cell)) return "not shown";
  if (verdict.verdict === "passes") return "yes";
  return verdict.moreRequests === undefined ? "undecided" : `undecided (+${verdict.moreRequests})`;
}
