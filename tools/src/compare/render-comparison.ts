import {
  alignRight,
  columnWidths,
  type Comparison as Difference,
  formatPercent,
} from "@slbench/analyzer/logs";
import type { Comparison } from "./compare-results.ts";

/** The comparison as text: environment differences, then a table of cells. */
export function renderComparison({
  first,
  second,
  environmentDifferences: differences,
  cells,
  onlyOnce,
}: Comparison): string {
  const seconds = (value: number | undefined) => value?.toFixed(3) ?? "-";
  const percent = (value: number | undefined) => (value === undefined ? "-" : formatPercent(value));
  const rows = [
    ["users", "think", "A mean", "B mean", "B - A", "95% interval", "A ok", "B ok", "B is"],
    ...cells.map(({ roundTrip, ...cell }) => [
      ...[String(cell.users), String(cell.thinkTimeSeconds)],
      ...[seconds(cell.firstMeanSeconds), seconds(cell.secondMeanSeconds), seconds(roundTrip?.difference)],
      roundTrip?.interval === undefined
        ? "-"
        : `${roundTrip.interval.low.toFixed(3)}…${roundTrip.interval.high.toFixed(3)}`,
      ...[percent(cell.firstSuccessRate), percent(cell.secondSuccessRate)],
      verdict(roundTrip),
    ]),
  ];
  const widths = columnWidths(rows);
  return [
    `A: ${first}`,
    `B: ${second}`,
    ...differences.map((difference) => `  ENVIRONMENT_DIFFERENCES: ${difference}`),
    "",
    ...rows.map((row) => alignRight(row, widths, " ")),
    "Times in seconds; the last column compares B's mean round trip with A's.",
    ...(cells.some(({ roundTrip }) => roundTrip !== undefined && roundTrip.interval === undefined)
      ? [
          "No interval: one side has fewer than 5 users and fewer than 40 requests, which is",
          "too few to show a difference.",
        ]
      : []),
    ...(onlyOnce > 0
      ? [onlyOnce === 1 ? "1 cell is in one result only." : `${onlyOnce} cells are in one result only.`]
      : []),
    "",
    "",
  ].join("\n");
}

function verdict(roundTrip: Difference | undefined): string {
  if (roundTrip === undefined) return "unknown";
  if (roundTrip.verdict === "no difference shown") return roundTrip.verdict;
  const size = roundTrip.ratio === undefined ? "" : ` by ${formatPercent(Math.abs(roundTrip.ratio - 1))}`;
  return `${roundTrip.verdict === "higher" ? "longer" : "shorter"}${size}`;
}
