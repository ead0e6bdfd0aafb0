import { printable } from "../core/printable.ts";
import { alignRight } from "../core/text-columns.ts";
import type { Grouping, RequestGroup } from "../rows/groups.ts";

const WIDTH = 80;
const LONGEST_KEY = 22;

/**
 * Groups as a table of at most 80 columns: round trips in seconds, failed requests included. Percentiles that do not
 * fit stand in a second table below.
 *
 * @example
 * ```ts
 * const group = { cell: "u01-t0", sent: 2, successful: 1, meanSeconds: 2, percentilesSeconds: { p50: 2 } };
 * renderGroups([group], "cell").includes("1/2"); // true
 * ```
 */
export function renderGroups(groups: readonly RequestGroup[], by: Grouping): string {
  const names = Object.keys(groups[0]?.percentilesSeconds ?? {});
  const head = [
    "cell",
    ...(by === "cell" ? [] : [by]),
    "ok/sent",
    ...(by === "minute" ? ["ok/s"] : []),
    "mean",
  ];
  const fixed = groups.map((group) => [
    tail(group.cell),
    ...(by === "cell" ? [] : [tail(`${group.key ?? ""}${group.isTransaction ? " (transaction)" : ""}`)]),
    `${group.successful ?? "?"}/${group.sent}`,
    ...(by === "minute" ? [seconds(group.successfulPerSecond)] : []),
    seconds(group.meanSeconds),
  ]);
  const widths = head.map((name, column) => widest([name, ...fixed.map((row) => row[column] ?? "")]));
  const room = WIDTH - widths.reduce((sum, width) => sum + width + 2, 0);
  const tables: string[] = [];
  let from = 0;
  do {
    const shown: string[] = [];
    const shownWidths: number[] = [];
    for (let left = room; from < names.length; from++) {
      const name = names[from] as string;
      const width = widest([name, ...groups.map((group) => seconds(group.percentilesSeconds[name]))]);
      left -= width + 2;
      // At least one percentile per table, even if there is no room for it, so that the loop ends.
      if (left < -2 && shown.length > 0) break;
      shown.push(name);
      shownWidths.push(width);
    }
    const rows = fixed.map((row, index) => [
      ...row,
      ...shown.map((name) => seconds(groups[index]?.percentilesSeconds[name])),
    ]);
    tables.push(table([...head, ...shown], rows, [...widths, ...shownWidths]));
  } while (from < names.length);
  return tables.join("\n");
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const line = (values: readonly string[]) => alignRight(values, widths);
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return `${[line(head), rule, ...rows.map(line)].join("\n")}\n`;
}

const widest = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
const seconds = (value: number | undefined) =>
  value === undefined ? "-" : value.toFixed(value < 10 ? 3 : value < 100 ? 2 : 1);

function tail(key: string): string {
  const text = printable(key);
  return text.length <= LONGEST_KEY ? text : `…${text.slice(1 - LONGEST_KEY)}`;
}
