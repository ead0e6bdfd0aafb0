import { formatDecimals, formatPercent } from "../core/format.ts";
import { alignRight, columnWidths } from "../core/text-columns.ts";
import { isUnderloaded } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";
import { type OptionalFigure, openLoopFigures, optionalFigures } from "./cell-times.ts";
import { markPart, partOf } from "./run-part.ts";
import { type LoadColumns, loadColumns } from "./text.ts";

const WIDTH = 80;

/**
 * The cells as a table of at most 80 columns; times in seconds, `-` for unknown values.
 *
 * @example
 * ```ts
 * renderTable([]).startsWith("users  think s  success"); // true
 * ```
 */
export function renderTable(cells: readonly CellSummary[]): string {
  const load = loadColumns(cells, { users: "users", think: "think s", rate: "offered" });
  const achieved = openLoopFigures(cells);
  const minimum = achieved.length + MIN_OPTIONAL;
  let optional = [...achieved, ...optionalFigures(cells)];
  const part = partOf(cells);
  const rowOf = (cell: CellSummary) =>
    markPart(cell, [...load.of(cell), ...cellFigures(cell, optional)], part);
  let rows = cells.map(rowOf);
  // What does not fit is in the report and in --json.
  while (optional.length > minimum && widthOf([tableHead(load, optional), ...rows]) > WIDTH) {
    optional = optional.slice(0, -1);
    rows = cells.map(rowOf);
  }
  const head = tableHead(load, optional);
  const widths = columnWidths([head, ...rows]);
  const wide = widths.reduce((sum, width) => sum + width + 2, -2);
  const gap = wide > WIDTH ? " " : "  ";
  const line = (values: readonly string[]) => alignRight(values, widths, gap);
  const lines = [line(head), widths.map((width) => "-".repeat(width)).join(gap), ...rows.map(line)];
  return [...lines, ...FOOTERS[part], ""].join("\n");
}

/** Which part of the runs the figures are of. */
const FOOTERS = {
  whole: [],
  steady: ["Figures are of the steady part: all users active (--part whole: the whole run)."],
  mixed: ["Figures are of the steady part, all users active; * of the whole run."],
} as const;

/** Optional figures that stay even in a table that is too wide. */
const MIN_OPTIONAL = 2;

/** With single spaces between columns. */
const widthOf = (rows: readonly (readonly string[])[]) =>
  columnWidths(rows).reduce((sum, width) => sum + width + 1, -1);

const tableHead = (load: LoadColumns, optional: readonly OptionalFigure[]): readonly string[] => [
  ...load.heads,
  ...["success", "mean RTT", "median"],
  ...optional.map(({ short }) => short),
  "requests",
];

/** One cell's values as text, without its load. @param optional the figures between median and requests */
export function cellFigures(cell: CellSummary, optional: readonly OptionalFigure[]): readonly string[] {
  const notes = [
    ...(cell.crashedClients === 0 ? [] : [`${cell.crashedClients} crashed`]),
    ...(cell.rejection === undefined ? [] : [cell.rejection.reason]),
    ...(isUnderloaded(cell) ? [`${cell.meanActiveUsers?.toFixed(2)} active`] : []),
  ];
  return [
    percent(cell.successRate.meanOverClients),
    seconds(cell.roundTripSeconds.mean),
    seconds(cell.roundTripSeconds.median),
    ...optional.map(({ of }) => seconds(of(cell))),
    `${cell.requests.successful}/${cell.requests.sent}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`,
  ];
}

const seconds = (value: number | undefined) => (value === undefined ? "-" : formatDecimals(value));
const percent = (value: number | undefined) => (value === undefined ? "-" : formatPercent(value));
