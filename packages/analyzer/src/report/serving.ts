import { compareConditions, describeCondition, isClosedLoop } from "../core/condition.ts";
import { formatCount, formatUsers } from "../core/format.ts";
import { formatRejection, type Rejection } from "../core/rejection.ts";
import { CONFIDENCE_LEVEL } from "../stats/interval.ts";
import { formatActiveUsers, isUnderloaded } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";
import {
  type Judgement,
  judgeRoundTripQuantile,
  judgeSuccessRate,
  type RunsOf,
} from "../thresholds/judge.ts";
import { generalLimits, type Threshold } from "../thresholds/threshold.ts";
import { limitPercent, percent } from "./text.ts";

/** The limits within which a function serves its users well. */
export interface ServingLimits {
  /** 0..1, mean over clients. */
  readonly successRate: number;
  readonly p95Seconds: number;
  /** No threshold sets p95Seconds: it is the clients' own time limit, which successful requests always keep. */
  readonly isTimeLimit?: boolean;
  /** The source of the limits, a sentence. */
  readonly source: string;
}

const USUAL_SUCCESS_RATE = 0.99;

/**
 * The limits that thresholds for every cell set on success rate and 95th percentile; the defaults are 99%
 * and the clients' own time limit.
 *
 * @example
 * ```ts
 * servingLimits([parseThreshold("p95<2s")], 25).p95Seconds; // 2
 * ```
 */
export function servingLimits(thresholds: readonly Threshold[], timeoutSeconds: number): ServingLimits {
  const general = thresholds.flatMap((threshold) =>
    generalLimits(threshold).map((limit) => ({ ...limit, text: threshold.text })),
  );
  const rates = general.filter(({ name, operator }) => name === "success" && operator.startsWith(">"));
  const p95s = general.filter(({ name, operator }) => name === "p95" && operator.startsWith("<"));
  const set = new Set([...rates, ...p95s].map(({ text }) => text));
  const defaults = [
    ...(rates.length === 0 ? [`${limitPercent(USUAL_SUCCESS_RATE)} success`] : []),
    ...(p95s.length === 0 ? [`${timeoutSeconds} s, the clients' own time limit`] : []),
  ];
  return {
    successRate: rates.length === 0 ? USUAL_SUCCESS_RATE : Math.max(...rates.map(({ limit }) => limit)),
    p95Seconds: p95s.length === 0 ? timeoutSeconds : Math.min(...p95s.map(({ limit }) => limit)),
    isTimeLimit: p95s.length === 0,
    source: [
      ...(set.size === 0 ? [] : [`Set by the thresholds ${[...set].join(", ")}.`]),
      ...(defaults.length === 0 ? [] : [`Defaults: ${defaults.join("; ")}.`]),
      ...(p95s.length === 0 ? ["Set a threshold such as p95<2s to be stricter."] : []),
    ].join(" "),
  };
}

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

/** What the cells of one think time, or those of open loops, say about the limits. */
export interface ServingAnswer {
  /** `served`: some load is shown to keep the limits; else why there is none. */
  readonly state: "served" | "fails" | "undecided" | "not-shown" | "rejected";
  /** The answer in a few words: `At least 16 users`. */
  readonly short: string;
  /** What is known of heavier loads: `7 and 8 users are not decided, 9 users fail`. */
  readonly beyond: string;
  /** The cell that it rests on: the heaviest load that keeps the limits, else the heaviest that may, else the lightest. */
  readonly cell: CellSummary;
  /** Every cell with its verdict, from the lightest load to the heaviest. */
  readonly judged: readonly JudgedCell[];
  /** The answer, the beginning of the sentence. */
  readonly answer: string;
  /** The answer in words, with its limits and its confidence. */
  readonly sentence: string;
}

export interface Serving extends ServingAnswer {
  readonly thinkTimeSeconds: number;
  /** As the answer names it: `0.5 s`, or the distribution of drawn think times. */
  readonly thinkTime: string;
  /** Most users that are shown to keep the limits while active together, no fewer users failing them. */
  readonly users?: number;
  /** More users may be served: none was shown to fail, or the load generator was at its limit where they failed. */
  readonly isAtLeast: boolean;
}

/** A cell and whether it keeps the limits. */
export interface JudgedCell {
  readonly cell: CellSummary;
  readonly verdict: CellVerdict;
}

/** `0.5 s`, or the distribution of drawn think times. */
const thinkTimeOf = ({ thinkTimeSeconds, thinkTime }: CellSummary) => thinkTime ?? `${thinkTimeSeconds} s`;

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
function shares({ successRate: { interval } }: CellSummary): string {
  return interval === undefined ? "" : ` (${percent(interval.low)} to ${percent(interval.high)})`;
}

/** The 95% interval of the 95th percentile in parentheses; empty without one. */
function p95Range({ quantileIntervals: { p95 } }: CellSummary): string {
  return p95 === undefined ? "" : ` (${p95.low.toFixed(2)} to ${p95.high.toFixed(2)} s)`;
}

/** `about 120 more requests needed`, if it is known how many. */
export const formatNeeded = ({ moreRequests }: Judgement): string =>
  moreRequests === undefined
    ? "repeat the cell"
    : `about ${formatCount(moreRequests, "more request")} needed`;

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
  for (const cell of cells.filter(isClosedLoop).toSorted(compareConditions))
    groups.set(thinkTimeOf(cell), [...(groups.get(thinkTimeOf(cell)) ?? []), cell]);
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

function judgeAll(
  cells: readonly CellSummary[],
  limits: ServingLimits,
  judging: Judging,
): readonly JudgedCell[] {
  return cells
    .toSorted(compareConditions)
    .map((cell) => ({ cell, verdict: judgeCell(cell, limits, judging) }));
}

interface Divided {
  /** The heaviest load that passes below all that fail. */
  readonly last: JudgedCell | undefined;
  /** The lightest load that fails. */
  readonly first: JudgedCell | undefined;
  /** Loads between the two that are not decided. */
  readonly undecided: readonly JudgedCell[];
  /** Loads between the two whose users were not active together. */
  readonly unshown: readonly JudgedCell[];
}

/** @param cells from the lightest load to the heaviest */
function divide(cells: readonly JudgedCell[]): Divided {
  const failing = cells.findIndex(({ verdict }) => verdict.verdict === "fails");
  const below = failing < 0 ? cells : cells.slice(0, failing);
  const at = below.findLastIndex(({ cell, verdict }) => verdict.verdict === "passes" && !isUnderloaded(cell));
  const between = below.slice(at + 1);
  return {
    last: below[at],
    first: cells[failing],
    undecided: between.filter(({ cell }) => !isUnderloaded(cell)),
    unshown: between.filter(({ cell }) => isUnderloaded(cell)),
  };
}

/** The answer in a few words. @param lightest the cell with the lightest load */
function shortAnswer(
  divided: Divided,
  lightest: JudgedCell,
  describeLoads: (cells: readonly CellSummary[]) => string,
): Pick<ServingAnswer, "state" | "short" | "beyond" | "cell"> {
  const { last, first, undecided, unshown } = divided;
  const load = ({ cell }: JudgedCell) => describeLoads([cell]);
  if (last !== undefined) {
    const isOpen = first === undefined || first.cell.generatorSaturated !== undefined;
    const beyond = describeBeyond(divided, describeLoads);
    return {
      state: "served",
      short: isOpen ? `At least ${load(last)}` : load(last),
      beyond,
      cell: last.cell,
    };
  }
  if (lightest.cell.rejection !== undefined)
    return { state: "rejected", short: "Every request was rejected", beyond: "", cell: lightest.cell };
  // Nothing is shown, but an upper end may be.
  const below = first === undefined ? undefined : `Fewer than ${load(first)}`;
  const [open, shown] = [undecided.at(-1), unshown.at(-1)];
  if (open !== undefined) {
    const beyond = describeBeyond(divided, describeLoads);
    return { state: "undecided", short: below ?? "Not decided", beyond, cell: open.cell };
  }
  if (shown !== undefined)
    return { state: "not-shown", short: below ?? "Not shown", beyond: "", cell: shown.cell };
  const { cell } = first ?? lightest;
  return { state: "fails", short: `Not even ${describeLoads([cell])}`, beyond: "", cell };
}

/** What is known of the loads beyond the one that is served. */
function describeBeyond(
  { last, first, undecided }: Divided,
  describeLoads: (cells: readonly CellSummary[]) => string,
): string {
  if (first === undefined && undecided.length === 0) return last === undefined ? "" : "more were not tried";
  const open = undecided.map(({ cell }) => cell);
  const isOne = (cells: readonly CellSummary[]) => cells.length === 1 && cells[0]?.users === 1;
  return [
    ...(open.length === 0 ? [] : [`${describeLoads(open)} ${isOne(open) ? "is" : "are"} not decided`]),
    ...(first === undefined
      ? []
      : [`${describeLoads([first.cell])} ${isOne([first.cell]) ? "fails" : "fail"}`]),
  ].join(", ");
}

/** `1 and 2 users`, `1 to 8 users`. @param cells in order of their load */
function listUsers(cells: readonly CellSummary[]): string {
  const counts = cells.map(({ users }) => users);
  const [first = 0, last = first] = [counts[0], counts.at(-1)];
  if (counts.length < 2) return formatUsers(first);
  return `${first} ${counts.length === 2 ? "and" : "to"} ${formatUsers(last)}`;
}

/** `1 and 2 requests/s`, `1 to 8 requests/s`. @param cells in order of their load */
function listRates(cells: readonly CellSummary[]): string {
  const [first, last] = [cells[0], cells.at(-1)] as [CellSummary, CellSummary];
  if (cells.length < 2) return describeCondition(first);
  return `${first.ratePerSecond} ${cells.length === 2 ? "and" : "to"} ${describeCondition(last)}`;
}

/** The sentences: what is shown, with which confidence, what is not decided, and what fails. */
function describeServing(
  think: string,
  { last, first, undecided, unshown }: Divided,
  limits: ServingLimits,
  judging: Judging,
): Pick<Serving, "answer" | "sentence"> {
  const begin = `With a think time of ${think}`;
  const beyond = [
    ...undecided.map(
      ({ cell, verdict }) =>
        `With ${formatUsers(cell.users)} it is not decided: ${cell.requests.successful} of ${formatCount(cell.requests.sent, "request")} succeeded; ${formatNeeded(verdict)}.`,
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
  return `There, ${successful} of ${formatCount(sent, "request")} succeeded${shares(cell)}, and 95% of the round trips took at most ${cell.roundTripSeconds.p95?.toFixed(2)} s${p95Range(cell)}.`;
}

function failure({ cell, verdict: { broken } }: JudgedCell): string {
  const reasons = cell.generatorSaturated;
  const generator =
    reasons === undefined
      ? ""
      : ` There the load generator may have been at its limit (${reasons.join("; ")}), so the function may serve more.`;
  return `With ${formatUsers(cell.users)} it does not: ${broken.join(", ")}.${generator}`;
}
