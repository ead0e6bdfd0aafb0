import { formatAbout, formatCount, formatInteger, formatUsers } from "../../core/format.ts";
import { formatRejection } from "../../core/rejection.ts";
import { CONFIDENCE_LEVEL } from "../../stats/interval.ts";
import { formatActiveUsers } from "../../summary/active-users.ts";
import type { CellSummary } from "../../summary/cell.ts";
import type { Judgement } from "../../thresholds/judge.ts";
import { limitPercent } from "../text.ts";
import type { Serving } from "./answer.ts";
import type { Divided } from "./divide.ts";
import { type JudgedCell, type Judging, p95Range, shares } from "./judge-cell.ts";
import type { ServingLimits } from "./limits.ts";

/** `about 120 more requests needed`, if it is known how many. */
export const formatNeeded = ({ moreRequests }: Judgement): string =>
  moreRequests === undefined ? "repeat the cell" : `${formatAbout(moreRequests, "more request")} needed`;

/** The sentences: what is shown, with which confidence, what is not decided, and what fails. */
export function describeServing(
  think: string,
  { last, first, undecided, unshown }: Divided,
  limits: ServingLimits,
  judging: Judging,
): Pick<Serving, "answer" | "sentence"> {
  const begin = `With a think time of ${think}`;
  const beyond = [
    ...undecided.map(
      ({ cell, verdict }) =>
        `With ${formatUsers(cell.users)} it is not decided: ${formatInteger(cell.requests.successful)} of ${formatCount(cell.requests.sent, "request")} succeeded; ${formatNeeded(verdict)}.`,
    ),
    ...unshown.map(
      ({ cell }) =>
        `With ${formatUsers(cell.users)} nothing is shown: only ${formatActiveUsers(cell)} were active on average.`,
    ),
    ...(first === undefined ? [] : [failure(first)]),
  ];
  const answered = (answer: string, rest: readonly string[]) => ({
    answer,
    sentence: [`${answer}${rest[0] ?? "."}`, ...rest.slice(1), ...beyond].join(" "),
  });
  if (last !== undefined) {
    const isOpen = first === undefined || first.cell.generatorSaturated !== undefined;
    const answer = `${begin} the function serves ${isOpen ? "at least " : ""}${formatUsers(last.cell.users)}`;
    const isMost = first === undefined && undecided.length + unshown.length === 0;
    return answered(answer, [
      `${isMost ? ", the most that were tried," : ""}${within(limits)}${confidence(judging)}.`,
      seen(last.cell),
    ]);
  }
  if (first?.cell.rejection !== undefined) {
    const answer = `${begin} every request of ${formatUsers(first.cell.users)} was rejected`;
    const sentence = `${answer}: ${formatRejection(first.cell.rejection)}. How many users the function serves was not measured.`;
    return { answer, sentence };
  }
  if (undecided.length > 0)
    return answered(`${begin} it is not decided how many users the function serves`, []);
  if (unshown.length > 0)
    return answered(`${begin} the cells do not show how many users the function serves`, []);
  return answered(`${begin} the function does not even serve ${formatUsers(first?.cell.users ?? 0)}`, [
    `${within(limits)}.`,
  ]);
}

const within = (limits: ServingLimits) =>
  limits.isTimeLimit === true
    ? ` within the clients' time limit of ${limits.p95Seconds} s`
    : ` with 95% of the round trips within ${limits.p95Seconds} s`;

/** Only verdicts from requests have one. */
const confidence = ({ confidence = CONFIDENCE_LEVEL, runsOf }: Judging) =>
  runsOf === undefined ? "" : ` (${limitPercent(confidence)} confident)`;

function seen(cell: CellSummary): string {
  const { successful, sent } = cell.requests;
  return `There, ${formatInteger(successful)} of ${formatCount(sent, "request")} succeeded${shares(cell)}, and 95% of the round trips took at most ${cell.roundTripSeconds.p95?.toFixed(2)} s${p95Range(cell)}.`;
}

function failure({ cell, verdict: { broken } }: JudgedCell): string {
  const reasons = cell.generatorSaturated;
  const generator =
    reasons === undefined
      ? ""
      : ` There the load generator may have been at its limit (${reasons.join("; ")}), so the function may serve more.`;
  return `With ${formatUsers(cell.users)} it does not: ${broken.join(", ")}.${generator}`;
}
