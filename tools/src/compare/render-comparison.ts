import {
  alignLeft,
  columnWidths,
  describeCondition,
  describeHostChange,
  formatDecimals,
  formatPercent,
  printable,
} from "@slbench/analyzer/logs";
import type { ComparedFigures, FigureComparison, ShareComparison } from "./compare-groups.ts";
import type { LogComparison } from "./compare-logs.ts";
import type { Comparison } from "./compare-results.ts";

/** The comparison as text of at most 80 columns: environment differences, then each cell's figures. */
export function renderComparison({
  first,
  second,
  margin,
  environmentDifferences: differences,
  cells,
  onlyOnce,
}: Comparison): string {
  const rows = [["figure", "A", "B", "B against A"], ...cells.flatMap((cell) => figureRows(cell, margin))];
  const widths = columnWidths(rows);
  const line = (row: readonly string[]) => `  ${alignLeft(row, widths)}`.trimEnd();
  return [
    `A: ${first}`,
    `B: ${second}`,
    ...differences.map((difference) => `  ENVIRONMENT_DIFFERENCES: ${difference}`),
    "",
    line(rows[0] as readonly string[]),
    ...cells.flatMap((cell) => [
      describeCondition(cell),
      ...figureRows(cell, margin).map(line),
      ...(cell.parts === undefined
        ? []
        : [
            `  A is of the ${cell.parts[0]} part, B of the ${cell.parts[1]}: start users alike to compare them`,
          ]),
      ...cell.changes.map(
        (change) =>
          `  HOST_CHANGED in ${change.result}, repetition ${change.repetition}: ${describeHostChange(change)}`,
      ),
    ]),
    "Times in seconds, means over runs; ranges are 95% intervals.",
    ...(onlyOnce > 0
      ? [onlyOnce === 1 ? "1 cell is in one result only." : `${onlyOnce} cells are in one result only.`]
      : []),
    "",
    "",
  ].join("\n");
}

/** The comparison of logs as text of at most 80 columns: each label's figures. */
export function renderLogComparison({ first, second, margin, labels, onlyOnce }: LogComparison): string {
  const rows = [["figure", "A", "B", "B against A"], ...labels.flatMap((label) => figureRows(label, margin))];
  const widths = columnWidths(rows);
  const line = (row: readonly string[]) => `  ${alignLeft(row, widths)}`.trimEnd();
  return [
    `A: ${describeLogs(first)}`,
    `B: ${describeLogs(second)}`,
    "",
    line(rows[0] as readonly string[]),
    ...labels.flatMap((label) => [titleOf(label), ...figureRows(label, margin).map(line)]),
    "Times in seconds, means over logs; ranges: 95% intervals. Each log is one run.",
    ...(onlyOnce.length > 0 ? [printable(`Only on one side: ${onlyOnce.join(", ")}.`).slice(0, 200)] : []),
    "",
    "",
  ].join("\n");
}

const describeLogs = ({ name, logs }: LogComparison["first"]) =>
  logs === 1 ? name : `${name} (${logs} logs)`;

const titleOf = ({ label, isTransaction }: LogComparison["labels"][number]): string =>
  printable(isTransaction === true ? `${label} (transaction)` : label);

/** The words for figures that are higher and lower. */
export const WORDS = {
  mean: ["longer", "shorter"],
  p95: ["longer", "shorter"],
  throughput: ["higher", "lower"],
} as const;

function figureRows(cell: ComparedFigures, margin: number): readonly (readonly string[])[] {
  const figures = (["mean", "p95", "throughput"] as const).flatMap((name) => {
    const found = cell[name];
    const unit = name === "throughput" ? "/s" : "";
    return found === undefined
      ? []
      : [
          [
            name,
            `${formatDecimals(found.first)}${unit}`,
            `${formatDecimals(found.second)}${unit}`,
            describeFigure(found, WORDS[name], margin),
          ],
        ];
  });
  const { success } = cell;
  if (success === undefined) return figures;
  return [
    ...figures,
    ["success", formatPercent(success.first), formatPercent(success.second), describeSuccess(success)],
  ];
}

/** What a comparison of one figure shows, in words. */
export function describeFigure(
  { ratio, interval, verdict, runsNeeded }: FigureComparison,
  [higher, lower]: readonly [string, string],
  margin: number,
): string {
  const percentOf = (value: number) => formatPercent(value, 0);
  if (verdict === "equivalent") return `equivalent within ${percentOf(margin)}`;
  if (verdict === "undecided")
    return runsNeeded === undefined
      ? "not enough runs: at least 3 each are needed"
      : `not enough runs: about ${runsNeeded} more would show ${percentOf(margin)}`;
  const isHigher = verdict === "higher";
  const sizes = [interval?.low ?? ratio, interval?.high ?? ratio].map((one) => percentOf(Math.abs(one - 1)));
  const [small, large] = isHigher ? sizes : sizes.reverse();
  return `${percentOf(Math.abs(ratio - 1))} ${isHigher ? higher : lower} (${small} to ${large})`;
}

function describeSuccess({ first, second, verdict }: ShareComparison): string {
  if (verdict === "equivalent") return "equivalent within 1 percentage point";
  if (verdict === "undecided") return first === second ? "no difference seen" : "not enough runs";
  return `${verdict} by ${(100 * Math.abs(second - first)).toFixed(1)} percentage points`;
}
