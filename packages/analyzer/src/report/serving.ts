import { formatUsers } from "../core/format.ts";
import { formatRejection } from "../core/rejection.ts";
import { formatActiveUsers, isUnderloaded } from "../summary/active-users.ts";
import type { CellSummary } from "../summary/cell.ts";
import { generalLimits, type Threshold } from "../thresholds/threshold.ts";
import { formatRequests, limitPercent, percent } from "./text.ts";

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

export interface Serving {
  readonly thinkTimeSeconds: number;
  /**
   * Most users that keep the limits while they are active together, with no fewer users failing them; absent if the
   * fewest already fail, or if no cell shows it.
   */
  readonly users?: number;
  /** Whether that is the most that was measured. */
  readonly isMost: boolean;
  /** The answer, the beginning of the sentence. */
  readonly answer: string;
  /** The answer in words, with its limits and its confidence. */
  readonly sentence: string;
}

/**
 * Up to how many users the function keeps its limits, one answer per think time.
 *
 * @example
 * ```ts
 * servedUsers([], servingLimits([], 25)); // []
 * ```
 */
export function servedUsers(cells: readonly CellSummary[], limits: ServingLimits): readonly Serving[] {
  const thinks = [...new Set(cells.map((cell) => cell.thinkTimeSeconds))].sort((a, b) => a - b);
  return thinks.map((think) => {
    const own = cells.filter((cell) => cell.thinkTimeSeconds === think).sort((a, b) => a.users - b.users);
    const failing = own.findIndex((cell) => !keeps(cell, limits));
    const good = failing < 0 ? own : own.slice(0, failing);
    const unshown = good.filter(isUnderloaded);
    const last = good.findLast((cell) => !isUnderloaded(cell));
    const first = failing < 0 ? undefined : own[failing];
    return {
      thinkTimeSeconds: think,
      ...(last !== undefined && { users: last.users }),
      isMost: first === undefined && unshown.every(({ users }) => users < (last?.users ?? 0)),
      ...describeServing(think, last, first, unshown, limits),
    };
  });
}

/** The sentences: what is shown, with which confidence, what fails, and which cells show nothing. */
function describeServing(
  think: number,
  last: CellSummary | undefined,
  first: CellSummary | undefined,
  unshown: readonly CellSummary[],
  limits: ServingLimits,
): Pick<Serving, "answer" | "sentence"> {
  const together = unshown
    .filter(({ users }) => users > (last?.users ?? 0))
    .map(
      (cell) =>
        `With ${formatUsers(cell.users)} nothing is shown: only ${formatActiveUsers(cell)} were active on average.`,
    );
  if (last === undefined && first?.rejection !== undefined) {
    const short = `With a think time of ${think} s every request of ${formatUsers(first.users)} was rejected`;
    return {
      answer: short,
      sentence: [
        `${short}: ${formatRejection(first.rejection)}. How many users the function serves was not measured.`,
        ...together,
      ].join(" "),
    };
  }
  if (last === undefined && unshown.length > 0) {
    const short = `With a think time of ${think} s the cells do not show how many users the function serves`;
    const failed = first === undefined ? [] : [failure(first)];
    return { answer: short, sentence: [`${short}.`, ...together, ...failed].join(" ") };
  }
  const most = first === undefined && together.length === 0;
  const short = answer(think, last, first);
  return {
    answer: short,
    sentence: [
      `${short}${conditions(last, most, limits)}.`,
      ...(last ? [confidence(last)] : []),
      ...together,
      ...(first ? [failure(first)] : []),
    ].join(" "),
  };
}

const keeps = (cell: CellSummary, limits: ServingLimits) => brokenLimits(cell, limits).length === 0;

/** The limits that a cell breaks, in words. */
export function brokenLimits(cell: CellSummary, limits: ServingLimits): readonly string[] {
  const rate = cell.successRate.meanOverClients;
  const { p95 } = cell.roundTripSeconds;
  if (rate === undefined || p95 === undefined) return ["no request was sent"];
  if (cell.rejection !== undefined) return [`every request was rejected: ${formatRejection(cell.rejection)}`];
  return [
    ...(rate < limits.successRate ? [`success ${percent(rate)}`] : []),
    ...(p95 > limits.p95Seconds ? [`p95 ${p95.toFixed(2)} s`] : []),
    ...(cell.crashedClients > 0 ? [`${cell.crashedClients} of ${cell.clients} clients crashed`] : []),
  ];
}

function answer(think: number, last: CellSummary | undefined, first: CellSummary | undefined): string {
  return last === undefined
    ? `With a think time of ${think} s the function does not even serve ${formatUsers(first?.users ?? 0)}`
    : `With a think time of ${think} s the function serves ${formatUsers(last.users)}`;
}

function conditions(last: CellSummary | undefined, isMost: boolean, limits: ServingLimits): string {
  const within = limits.isTimeLimit
    ? ` within the clients' time limit of ${limits.p95Seconds} s`
    : ` with 95% of the round trips within ${limits.p95Seconds} s`;
  const most = last !== undefined && isMost ? ", the most that was measured," : "";
  return `${most}${within}${last === undefined ? "" : uncertainty(last, limits)}`;
}

/** Few requests may keep a limit by luck: then the interval reaches beyond the limit. */
function uncertainty(cell: CellSummary, limits: ServingLimits): string {
  const { interval } = cell.successRate;
  if (interval === undefined || interval.low >= limits.successRate) return "";
  return ` (${formatRequests(cell.requests.sent)} are too few to be sure: the true success rate could be as low as ${percent(interval.low)})`;
}

function confidence(cell: CellSummary): string {
  const { interval } = cell.successRate;
  const { successful, sent } = cell.requests;
  const range = interval && ` (95% interval ${percent(interval.low)} to ${percent(interval.high)})`;
  return `There, ${successful} of ${formatRequests(sent)} succeeded${range ?? ""}, and 95% of the round trips took at most ${cell.roundTripSeconds.p95?.toFixed(2)} s.`;
}

function failure(cell: CellSummary): string {
  if (cell.rejection !== undefined)
    return `With ${formatUsers(cell.users)} every request was rejected: ${formatRejection(cell.rejection)}.`;
  const rate = cell.successRate.meanOverClients;
  const crashed = cell.crashedClients > 0;
  const begin = `With ${formatUsers(cell.users)}${crashed ? `, ${cell.crashedClients} of ${cell.clients} clients crashed` : ""}`;
  if (rate === undefined)
    return crashed ? `${begin}, and no request was sent.` : `${begin}, no request was sent.`;
  const p95 = cell.roundTripSeconds.p95?.toFixed(2);
  return `${begin}${crashed ? "; of the others," : ","} the success rate is ${percent(rate)} and 95% of the round trips take at most ${p95} s.`;
}
