import { compareConditions } from "../../core/condition.ts";
import { formatRejection } from "../../core/rejection.ts";
import type { CellSummary } from "../../summary/cell.ts";
import {
  type Judgement,
  judgeRoundTripQuantile,
  judgeSuccessRate,
  type RunsOf,
} from "../../thresholds/judge.ts";
import { percent } from "../text.ts";
import type { ServingLimits } from "./limits.ts";

/** How a number of users, or a rate, is judged. */
export interface Judging {
  /** Of each verdict, one-sided; default 0.95. */
  readonly confidence?: number;
  /** The cells' requests; without them figures are compared with the limits as they are. */
  readonly runsOf?: RunsOf;
}

/** Whether a cell keeps the limits, as far as its requests show it. */
export interface CellVerdict extends Judgement {
  /** The limits that it does not keep, in words. */
  readonly broken: readonly string[];
}

/** A cell and whether it keeps the limits. */
export interface JudgedCell {
  readonly cell: CellSummary;
  readonly verdict: CellVerdict;
}

/** Judges a cell against the limits: a wrong `passes` or `fails` of one limit happens with at most 1 − confidence. */
export function judgeCell(
  cell: CellSummary,
  limits: ServingLimits,
  { confidence, runsOf }: Judging = {},
): CellVerdict {
  const { p95 } = cell.roundTripSeconds;
  const rate = cell.successRate.meanOverClients;
  if (rate === undefined || p95 === undefined) return { verdict: "fails", broken: ["no request was sent"] };
  if (cell.rejection !== undefined) {
    const broken = [`every request was rejected: ${formatRejection(cell.rejection)}`];
    return { verdict: "fails", broken };
  }
  const runs = runsOf?.(cell) ?? [];
  const isJudged = runs.length > 0 && limits.successRate < 1;
  const success = isJudged
    ? judgeSuccessRate(runs, limits.successRate, confidence)
    : asMeasured(rate >= limits.successRate);
  // Successful requests always keep their time limit.
  const time =
    limits.isTimeLimit === true || runs.length === 0
      ? asMeasured(p95 <= limits.p95Seconds)
      : judgeRoundTripQuantile(runs, 0.95, limits.p95Seconds, confidence);
  const broken = [
    ...(success.verdict === "fails" ? [`success ${percent(rate)}${shares(cell)}`] : []),
    ...(time.verdict === "fails" ? [`p95 ${p95.toFixed(2)} s${p95Range(cell)}`] : []),
    ...(cell.crashedClients > 0 ? [`${cell.crashedClients} of ${cell.clients} clients crashed`] : []),
  ];
  if (broken.length > 0) return { verdict: "fails", broken };
  const open = [success, time].filter(({ verdict }) => verdict === "undecided");
  if (open.length === 0) return { verdict: "passes", broken };
  const more = open.flatMap(({ moreRequests }) => moreRequests ?? []);
  return {
    verdict: "undecided",
    broken,
    ...(more.length === open.length && { moreRequests: Math.max(...more) }),
  };
}

const asMeasured = (keeps: boolean): Judgement => ({ verdict: keeps ? "passes" : "fails" });

/** The 95% interval of the success rate in parentheses; empty without one. */
export function shares({ successRate: { interval } }: CellSummary): string {
  return interval === undefined ? "" : ` (${percent(interval.low)} to ${percent(interval.high)})`;
}

/** The 95% interval of the 95th percentile in parentheses; empty without one. */
export function p95Range({ quantileIntervals: { p95 } }: CellSummary): string {
  return p95 === undefined ? "" : ` (${p95.low.toFixed(2)} to ${p95.high.toFixed(2)} s)`;
}

/** All cells with their verdicts, from the lightest load to the heaviest. */
export function judgeAll(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging,
): readonly JudgedCell[] {
  return cells
    .toSorted(compareConditions)
    .map((cell) => ({ cell, verdict: judgeCell(cell, limits, judging) }));
}
