import { formatThreeDigits } from "../../core/format.ts";
import type { FigureTable } from "../figure.ts";
import { fourDigits } from "../text.ts";
import type { AnswerGroup, AnswerPlot, AnswerPoint, Verdict } from "./data.ts";

export const TITLE = "Response time and success against the limits";
export const AXES = { time: "response time (s)", success: "successful requests (%)" } as const;
export const VERDICT_NAMES: Readonly<Record<Verdict, string>> = {
  passes: "passes",
  fails: "fails",
  undecided: "undecided",
};

export const limitLabel = ({ limitSeconds, isTimeLimit }: AnswerPlot): string =>
  `${isTimeLimit ? "time limit" : "limit"} ${limitSeconds} s`;

export const beyondLabel = ({ p95Seconds }: AnswerPoint): string => `${formatThreeDigits(p95Seconds)} s`;

export function pointText(plot: AnswerPlot, { load, p95Seconds, p95Interval, verdict }: AnswerPoint): string {
  const range =
    p95Interval && ` (95% interval ${fourDigits(p95Interval.low)} to ${fourDigits(p95Interval.high)} s)`;
  return `${plot.describeLoad(load)}: 95th percentile ${fourDigits(p95Seconds)} s${range ?? ""}, ${VERDICT_NAMES[verdict]}`;
}

export const meanText = (plot: AnswerPlot, { load, meanSeconds = 0 }: AnswerPoint): string =>
  `${plot.describeLoad(load)}: mean ${fourDigits(meanSeconds)} s`;

export function successText(
  plot: AnswerPlot,
  { load, successPercent, successInterval }: AnswerPoint,
): string {
  const range =
    successInterval &&
    ` (95% interval ${fourDigits(successInterval.low)} to ${fourDigits(successInterval.high)}%)`;
  return `${plot.describeLoad(load)}: ${fourDigits(successPercent)}% successful${range ?? ""}`;
}

export function answerNotes(plot: AnswerPlot, isCapped: boolean, hidden: number): readonly string[] {
  const hasIntervals = plot.groups.some(({ points }) => points.some(({ p95Interval }) => p95Interval));
  const hasBand = plot.groups.some(({ band }) => band !== undefined);
  return [
    `95th percentile${hasIntervals ? " with its 95% interval" : ""}; small dots: mean.${hasBand ? " Grey band: the queueing model's 95% interval for the mean of one run." : ""}`,
    ...(isCapped ? ["Values at the upper edge lie beyond it."] : []),
    ...(hidden > 0 ? [`${hidden} more think times are in the table of cells.`] : []),
  ];
}

export function answerTable({ groups, loadLabel }: AnswerPlot): FigureTable {
  const digits = (value: number | undefined) => (value === undefined ? "" : fourDigits(value));
  return {
    head: ["", loadLabel, "p95 (s)", "from", "to", "mean (s)", "success (%)", "from", "to", "limits"],
    rows: groups.flatMap(({ name, points }: AnswerGroup) =>
      points.map((point) => [
        name,
        String(point.load),
        ...[point.p95Seconds, point.p95Interval?.low, point.p95Interval?.high, point.meanSeconds].map(digits),
        ...[point.successPercent, point.successInterval?.low, point.successInterval?.high].map(digits),
        VERDICT_NAMES[point.verdict],
      ]),
    ),
  };
}
