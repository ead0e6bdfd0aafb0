import { areOpenLoops } from "../../core/condition.ts";
import { formatAbout, formatInteger, formatPercent } from "../../core/format.ts";
import { MIN_ONE_RUN_COVERAGE } from "../../stats/scope.ts";
import { isUnderloaded } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { type OptionalFigure, optionalFigures } from "../cell-times.ts";
import { htmlTable, type TableHead } from "../markup.ts";
import { markPart, partOf } from "../run-part.ts";
import { type CellVerdict, type Judging, judgeCell } from "../serving/judge-cell.ts";
import type { ServingLimits } from "../serving/limits.ts";
import { decimals, loadColumns, percent } from "../text.ts";

/** Users are active in closed loops only; in an open loop, requests in the system are a result, not a load. */
function loadOf(cells: readonly CellSummary[]) {
  const load = loadColumns(cells, { users: "Users", think: "Think time", rate: "Offered" });
  const isOpen = areOpenLoops(cells);
  const active = { name: "Active", title: "Users in the system on average, waiting or thinking" };
  return {
    heads: load.heads.map((name): TableHead => (name === "Think time" ? { name, unit: "s" } : { name })),
    of: load.of,
    activeHeads: isOpen ? [] : [active],
    activeOf: (cell: CellSummary) => (isOpen ? [] : [cell.meanActiveUsers?.toFixed(2) ?? ""]),
  };
}

const headOf = (cells: readonly CellSummary[], optional: readonly OptionalFigure[]): readonly TableHead[] => [
  ...loadOf(cells).heads,
  { name: "Limits", title: "Whether the cell keeps the limits" },
  { name: "Success", title: areOpenLoops(cells) ? "Success rate" : "Success rate, mean over users" },
  { name: "Mean", unit: "s", title: "Mean response time, failed requests included" },
  { name: "95% interval", unit: "s", title: "95% interval of the mean response time" },
  ...["Median", "p95", "p99"].map((name) => ({ name, unit: "s", title: `${name} of the response time` })),
  ...optional.map(({ short, long }) => ({
    name: `${short.slice(0, 1).toUpperCase()}${short.slice(1)}`,
    ...(long.endsWith("(s)") && { unit: "s" }),
    title: long,
  })),
  { name: "Rate", unit: "/s", title: "Successful requests per second" },
  { name: "OK / sent", title: "Successful and sent requests" },
  ...loadOf(cells).activeHeads,
  { name: "Why", title: "Which limits the cell does not keep, or what would decide" },
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
    const values = [
      ...[...load.of(cell), verdictWord(cell, verdict), ...cellRow(cell, optional)],
      ...[...load.activeOf(cell), reasonOf(cell, verdict)],
    ];
    return markPart(cell, values, part);
  });
  const notes = legend(part, rows).map((note) => `<small>${note}</small>`);
  const textColumns = [load.heads.length, (rows[0]?.length ?? 1) - 1];
  return `${htmlTable(headOf(cells, optional), rows, "Cells", { hasTools: true, textColumns })}
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
  return [PART_NOTES[part], ...(has("†") ? [ONE_RUN_NOTE] : [])];
}

function cellRow(cell: CellSummary, optional: readonly OptionalFigure[]): readonly string[] {
  const { roundTripSeconds: trip, roundTripInterval: interval } = cell;
  return [
    percent(cell.successRate.meanOverClients),
    decimals(trip.mean),
    interval
      ? `${decimals(interval.low)} … ${decimals(interval.high)}${interval.scope === "within this run" ? "†" : ""}`
      : "",
    ...[trip.median, trip.p95, trip.p99].map(decimals),
    ...[...optional.map(({ of }) => of(cell)), cell.throughputPerSecond].map(decimals),
    `${formatInteger(cell.requests.successful)} / ${formatInteger(cell.requests.sent)}`,
  ];
}

function verdictWord(cell: CellSummary, { verdict }: CellVerdict): string {
  if (verdict === "fails") return "✕ fails";
  if (isUnderloaded(cell)) return "? not shown";
  return verdict === "passes" ? "✓ passes" : "? undecided";
}

function reasonOf(cell: CellSummary, { verdict, broken, moreRequests }: CellVerdict): string {
  if (verdict === "fails") return broken.join(", ");
  if (isUnderloaded(cell)) return "its users were not active together";
  return moreRequests === undefined ? "" : `${formatAbout(moreRequests, "more request")} would decide`;
}
