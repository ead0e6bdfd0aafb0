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
  ({ users: "virtual users", rate: "requests per second", replicas: "replicas" })[what];

export const criterionAxis = ({ kind, quantile }: Criterion): string =>
  kind === "success" ? "successful, %" : `${quantile === undefined ? "mean" : `p${100 * quantile}`}, s`;

export const limitLabel = ({ text }: Criterion): string => text;

const figureOf = (value: number, { kind }: Criterion) =>
  kind === "success" ? formatPercent(value) : `${value.toPrecision(3)} s`;

export function probeText(
  { load, role, values, cell, isEndedEarly }: ReportedProbe,
  index: number,
  criterion: Criterion,
  report: SearchReport,
): string {
  const value = values[report.criteria.indexOf(criterion)] as number;
  const ended = isEndedEarly === true ? ", ended early" : "";
  return `run ${index + 1} (${cell}): ${formatLoad(load, report)}, ${figureOf(value, criterion)}, ${ROLE_NAMES[role]}${ended}`;
}

export function searchNotes({ probes, answer }: SearchReport): readonly string[] {
  const repeated = probes.filter(({ role }) => role !== "bracket").length;
  const ended = probes.filter(({ isEndedEarly }) => isEndedEarly === true).length;
  return [
    `${formatCount(probes.length, "run")}; ${repeated} of them repeat the two ends of the bracket. Only these show that the goal holds, or fails; the others and the line only say where to measure.`,
    ...(ended === 0
      ? []
      : [
          `${formatCount(ended, "run")} ended as soon as the goal was missed whatever came next; the figures are of that part.`,
        ]),
    ...(answer?.atMost === undefined || answer.atMost === answer.atLeast
      ? []
      : ["The shaded loads are those that the answer leaves open."]),
  ];
}

export function searchTable({ probes, criteria, for: what }: SearchReport): FigureTable {
  return {
    head: ["run", "cell", what === "rate" ? "requests/s" : what, "why", ...criteria.map(({ text }) => text)],
    rows: probes.map((probe, index) => [
      String(index + 1),
      probe.cell,
      String(probe.load),
      reasonOf(probe),
      ...criteria.map((criterion, at) => figureOf(probe.values[at] as number, criterion)),
    ]),
  };
}

function reasonOf({ role, isSaturated, isReused, isEndedEarly }: ReportedProbe): string {
  if (isSaturated === true) return "load generator saturated";
  const own = isReused === true ? REUSED : ROLE_NAMES[role];
  return isEndedEarly === true ? `${own}, ended early` : own;
}
