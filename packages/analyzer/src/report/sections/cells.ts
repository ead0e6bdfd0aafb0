import { areOpenLoops } from "../../core/condition.ts";
import { isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable } from "../markup.ts";
import { type CellVerdict, type Judging, judgeCell, type ServingLimits } from "../serving.ts";
import { decimals, loadColumns, percent } from "../text.ts";

/** Users are active in closed loops only; in an open loop, requests in the system are a result, not a load. */
function loadOf(cells: readonly CellSummary[]) {
  const load = loadColumns(cells, { users: "Users", think: "Think time (s)", rate: "Offered" });
  const isOpen = areOpenLoops(cells);
  return {
    heads: [...load.heads, ...(isOpen ? [] : ["Active on average"])],
    of: (cell: CellSummary) => [
      ...load.of(cell),
      ...(isOpen ? [] : [cell.meanActiveUsers?.toFixed(2) ?? ""]),
    ],
  };
}

const headOf = (cells: readonly CellSummary[], optional: readonly OptionalFigure[]): readonly string[] => [
  ...loadOf(cells).heads,
  areOpenLoops(cells) ? "Success rate" : "Success rate (mean over users)",
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
  const [load, optional] = [loadOf(cells), optionalFigures(cells)];
  const isMixed = cells.some(({ part }) => part === "steady");
  const rows = cells.map((cell) => {
    const verdict = judgeCell(cell, limits, judging);
    const [first = "", ...others] = load.of(cell);
    const mark = isMixed && cell.part === "whole" ? "*" : "";
    return [`${first}${mark}`, ...others, ...cellRow(cell, verdict, optional)];
  });
  const notes = legend(cells, rows).map((note) => `<small>${note}</small>`);
  return `${htmlTable(headOf(cells, optional), rows, "Cells")}
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
  verdict: CellVerdict,
  optional: readonly OptionalFigure[],
): readonly string[] {
  const { roundTripSeconds: trip, roundTripInterval: interval } = cell;
  return [
    percent(cell.successRate.meanOverClients),
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
