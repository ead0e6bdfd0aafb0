import {
  compareConditions,
  describeCondition,
  describeThinkTime,
  isClosedLoop,
  thinkTimeOf,
} from "../../core/condition.ts";
import { formatRejection, type Rejection } from "../../core/rejection.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { Serving, ServingAnswer } from "./answer.ts";
import { divide } from "./divide.ts";
import { type JudgedCell, type Judging, judgeAll } from "./judge-cell.ts";
import type { ServingLimits } from "./limits.ts";
import { describeServing, formatNeeded } from "./sentences.ts";
import { listRates, listUsers, shortAnswer } from "./short-answer.ts";

/**
 * Up to which rate the function keeps its limits, if there are open loops.
 *
 * @example
 * ```ts
 * servedRate([], servingLimits([], 25)); // undefined
 * ```
 */
export function servedRate(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging = {},
): ServingAnswer | undefined {
  const own = judgeAll(
    cells.filter((cell) => !isClosedLoop(cell)),
    limits,
    judging,
  );
  const [slowest] = own;
  if (slowest === undefined) return undefined;
  const divided = divide(own);
  const { last, first, undecided } = divided;
  const begin = "With arrivals in an open loop";
  const short = shortAnswer(divided, slowest, listRates);
  if (short.state === "rejected") {
    const answer = `${begin} every request was rejected`;
    const sentence = `${answer}: ${formatRejection(slowest.cell.rejection as Rejection)}.`;
    return { ...short, judged: own, answer, sentence };
  }
  const most = first === undefined && undecided.length === 0 ? ", the highest rate that was measured" : "";
  const answer =
    last !== undefined
      ? `${begin} the function serves ${describeCondition(last.cell)}${most}`
      : undecided.length > 0
        ? `${begin} it is not decided which rate the function serves`
        : `${begin} the function does not even serve ${describeCondition(slowest.cell)}`;
  return {
    ...{ ...short, judged: own, answer },
    sentence: [
      `${answer}.`,
      ...undecided.map(
        ({ cell, verdict }) => `At ${describeCondition(cell)} it is not decided: ${formatNeeded(verdict)}.`,
      ),
      ...(first ? [`At ${describeCondition(first.cell)}: ${first.verdict.broken.join(", ")}.`] : []),
    ].join(" "),
  };
}

/**
 * Up to how many users the function keeps its limits, one answer per think time.
 *
 * @example
 * ```ts
 * servedUsers([], servingLimits([], 25)); // []
 * ```
 */
export function servedUsers(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging = {},
): readonly Serving[] {
  const groups = new Map<string, CellSummary[]>();
  for (const cell of cells.filter(isClosedLoop).toSorted(compareConditions)) {
    const think = describeThinkTime(thinkTimeOf(cell));
    groups.set(think, [...(groups.get(think) ?? []), cell]);
  }
  return [...groups].map(([think, own]) => {
    const judged = judgeAll(own, limits, judging);
    const divided = divide(judged);
    const { last, first } = divided;
    const isAtLeast = first === undefined || first.cell.generatorSaturated !== undefined;
    return {
      ...{ thinkTimeSeconds: (own[0] as CellSummary).thinkTimeSeconds, thinkTime: think, judged },
      ...(last !== undefined && { users: last.cell.users }),
      isAtLeast,
      ...shortAnswer(divided, judged[0] as JudgedCell, listUsers),
      ...describeServing(think, divided, limits, judging),
    };
  });
}
