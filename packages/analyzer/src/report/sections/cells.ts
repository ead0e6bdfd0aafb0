import { areOpenLoops } from "../../core/condition.ts";
import { formatPercent } from "../../core/format.ts";
import { MIN_ONE_RUN_COVERAGE } from "../../stats/scope.ts";
import { isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable } from "../markup.ts";
import { markPart, partOf } from "../run-part.ts";
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
  const part = partOf(cells);
  const rows = cells.map((cell) => {
    const verdict = judgeCell(cell, limits, judging);
    return markPart(cell, [...load.of(cell), ...cellRow(cell, verdict, optional)], part);
  });
  const notes = legend(part, rows).map((note) => `<small>${note}</small>`);
  return `${htmlTable(headOf(cells, optional), rows, "Cells")}
<p>${notes.join("<br>")}</p>`;
}

const PART_NOTES = {
  steady: "All figures are of the steady part of each run, in which all users were active.",
  whole: "All figures are of whole runs.",
  mixed: "Figures are of the steady part of each run, in which all users were active; * of whole runs.",
} as const;

const ONE_RUN_NOTE = `† Within this run only (nominal 95%; at least ${formatPercent(MIN_ONE_RUN_COVERAGE, 0)} on simulated hosts): another run may lie outside. Repeat cells to know more.`;

/** Which part of the runs the table is of, and what its marks mean. */
function legend(part: keyof typeof PART_NOTES, rows: readonly (readonly string[])[]): readonly string[] {
  const has = (mark: string) => rows.some((row) => row.some((text) => text.includes(mark)));
  return [
    PART_NOTES[part],
    ...(has("†") ? [ONE_RUN_NOTE] : []),
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
