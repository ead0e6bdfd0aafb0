import { formatPercent } from "../core/format.ts";
import { alignRight, columnWidths } from "../core/text-columns.ts";
import { isUnderloaded } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";

const COLUMNS = ["users", "think s", "success", "mean RTT", "median", "handler", "ML", "requests"] as const;
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
  const rows = cells.map(cellRow);
  const widths = columnWidths([COLUMNS, ...rows]);
  const wide = widths.reduce((sum, width) => sum + width + 2, -2);
  const gap = wide > WIDTH ? " " : "  ";
  const line = (values: readonly string[]) => alignRight(values, widths, gap);
  return [line(COLUMNS), widths.map((width) => "-".repeat(width)).join(gap), ...rows.map(line), ""].join(
    "\n",
  );
}

/** One cell's values as text. */
export function cellRow(cell: CellSummary): readonly string[] {
  const notes = [
    ...(cell.crashedClients === 0 ? [] : [`${cell.crashedClients} crashed`]),
    ...(cell.rejection === undefined ? [] : [cell.rejection.reason]),
    ...(isUnderloaded(cell) ? [`${cell.meanActiveUsers?.toFixed(2)} active`] : []),
  ];
  return [
    String(cell.users),
    String(cell.thinkTimeSeconds),
    percent(cell.successRate.meanOverClients),
    seconds(cell.roundTripSeconds.mean),
    seconds(cell.roundTripSeconds.median),
    seconds(cell.handlerSeconds.mean),
    seconds(cell.mlSeconds.mean),
    `${cell.requests.successful}/${cell.requests.sent}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`,
  ];
}

const seconds = (value: number | undefined) => (value === undefined ? "-" : value.toFixed(3));
const percent = (value: number | undefined) => (value === undefined ? "-" : formatPercent(value));
