import { describeCondition, isClosedLoop } from "../core/condition.ts";
import type { AnswerGroup, AnswerPlot, AnswerPoint } from "../plot/answer/data.ts";
import type { Range } from "../plot/chart/chart.ts";
import { OFFERED_RATE, USERS } from "../plot/over-load/load.ts";
import type { Prediction } from "../queueing/asking/predict.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { Serving, ServingAnswer } from "./serving/answer.ts";
import type { JudgedCell, Judging } from "./serving/judge-cell.ts";
import type { ServingLimits } from "./serving/limits.ts";
import { servedRate, servedUsers } from "./serving/served.ts";

/**
 * What the figure of the answer shows: every cell of closed loops, or of open loops if there are no others.
 *
 * @param predictions the model's; none without a model
 */
export function answerPlot(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging,
  predictions: readonly Prediction[] = [],
): AnswerPlot {
  const servings = servedUsers(cells, limits, judging);
  const rate = servings.length === 0 ? servedRate(cells, limits, judging) : undefined;
  const load = rate === undefined ? USERS : OFFERED_RATE;
  return {
    ...{ loadLabel: load.label, describeLoad: load.describe, isWhole: load.isWhole },
    limitSeconds: limits.p95Seconds,
    isTimeLimit: limits.isTimeLimit === true,
    limitPercent: 100 * limits.successRate,
    groups:
      rate === undefined
        ? servings.map((serving) => usersGroup(serving, predictions))
        : [groupOf("", rate, load.of)],
  };
}

function usersGroup(serving: Serving, predictions: readonly Prediction[]): AnswerGroup {
  const band = predictions
    .filter(({ thinkTimeSeconds }) => thinkTimeSeconds === serving.thinkTimeSeconds)
    .map(({ users, interval }): Range => ({ x: users, ...interval }))
    .sort((a, b) => a.x - b.x);
  return {
    ...groupOf(`think time ${serving.thinkTime}`, serving, USERS.of),
    // A drawn think time has no curve of its own.
    ...(band.length > 1 && serving.cell.thinkTime === undefined && { band }),
  };
}

function groupOf(
  name: string,
  { state, short, cell, judged }: ServingAnswer,
  load: (cell: CellSummary) => number,
): AnswerGroup {
  return {
    name,
    points: judged.flatMap((one) => toPoint(one, load)),
    ...(state === "served" && { served: { load: load(cell), text: short.toLowerCase() } }),
  };
}

/** Empty for a cell without a response time. */
function toPoint({ cell, verdict }: JudgedCell, load: (cell: CellSummary) => number): readonly AnswerPoint[] {
  const { roundTripSeconds, quantileIntervals, successRate } = cell;
  const { p95, mean } = roundTripSeconds;
  const rate = successRate.meanOverClients;
  if (p95 === undefined || rate === undefined) return [];
  const { p95: p95Interval } = quantileIntervals;
  const { interval } = successRate;
  return [
    {
      ...{ load: load(cell), verdict: verdict.verdict, p95Seconds: p95, successPercent: 100 * rate },
      ...(p95Interval && { p95Interval }),
      ...(mean !== undefined && { meanSeconds: mean }),
      ...(interval && { successInterval: { low: 100 * interval.low, high: 100 * interval.high } }),
    },
  ];
}

/** `face-blur`'s load in the question that the page asks. */
export const questionOf = (cells: readonly CellSummary[], subject: string): string =>
  cells.length > 0 && !cells.some(isClosedLoop)
    ? `Which request rate does ${subject} serve?`
    : `How many users does ${subject} serve?`;

/** The condition of the cell that an answer rests on: `16 users`, or with its think time if there are several. */
export const loadOf = (cell: CellSummary): string =>
  isClosedLoop(cell) ? USERS.describe(cell.users) : describeCondition(cell);
