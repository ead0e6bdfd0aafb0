import { formatCount, formatPercent } from "../../core/format.ts";
import { formatLoad } from "../../finding/render-answer.ts";
import type { Criterion } from "../../finding/search-goal.ts";
import type { ReportedProbe, SearchReport } from "../../finding/search-report.ts";
import type { FigureTable } from "../figure.ts";

export const SEARCH_TITLE = "The search";

export const ROLE_NAMES = {
  bracket: "to find the bracket",
  low: "to show that the goal holds",
  high: "to show that it fails",
} as const;
const REUSED = "of an earlier result";
export const CURVE_NAME = "expected between the runs";
export const OPEN_NAME = "left open";

export const loadAxis = ({ for: what }: SearchReport): string =>
  what === "users" ? "virtual users" : "requests per second";

export const criterionAxis = ({ kind, quantile }: Criterion): string =>
  kind === "success" ? "successful, %" : `${quantile === undefined ? "mean" : `p${100 * quantile}`}, s`;

export const limitLabel = ({ text }: Criterion): string => text;

const figureOf = (value: number, { kind }: Criterion) =>
  kind === "success" ? formatPercent(value) : `${value.toPrecision(3)} s`;

export function probeText(
  { load, role, values, cell }: ReportedProbe,
  index: number,
  criterion: Criterion,
  report: SearchReport,
): string {
  const value = values[report.criteria.indexOf(criterion)] as number;
  return `run ${index + 1} (${cell}): ${formatLoad(load, report)}, ${figureOf(value, criterion)}, ${ROLE_NAMES[role]}`;
}

export function searchNotes({ probes, answer }: SearchReport): readonly string[] {
  const repeated = probes.filter(({ role }) => role !== "bracket").length;
  return [
    `${formatCount(probes.length, "run")}; ${repeated} of them repeat the two ends of the bracket. Only these show that the goal holds, or fails; the others and the line only say where to measure.`,
    ...(answer?.atMost === undefined || answer.atMost === answer.atLeast
      ? []
      : ["The shaded loads are those that the answer leaves open."]),
  ];
}

export function searchTable({ probes, criteria, for: what }: SearchReport): FigureTable {
  return {
    head: [
      "run",
      "cell",
      what === "users" ? "users" : "requests/s",
      "why",
      ...criteria.map(({ text }) => text),
    ],
    rows: probes.map(({ cell, load, role, values, isSaturated, isReused }, index) => [
      String(index + 1),
      cell,
      String(load),
      isSaturated === true ? "load generator saturated" : isReused === true ? REUSED : ROLE_NAMES[role],
      ...criteria.map((criterion, at) => figureOf(values[at] as number, criterion)),
    ]),
  };
}
