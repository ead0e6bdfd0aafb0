import { formatPercent, formatUsers } from "../core/format.ts";
import type { CellSummary } from "../summary/cell.ts";
import type { Threshold } from "../thresholds/threshold.ts";

/** What a function has to keep to serve its users well. */
export interface ServingLimits {
  /** 0..1, mean over clients. */
  readonly successRate: number;
  readonly p95Seconds: number;
  /** Nobody set p95Seconds: it is the clients' own time limit, which answered requests always keep. */
  readonly isTimeLimit?: boolean;
  /** Where the limits come from, a sentence. */
  readonly source: string;
}

const USUAL_SUCCESS_RATE = 0.99;

/**
 * The limits that thresholds for every cell set on success rate and 95th percentile; where they set none, 99 %
 * and the clients' own time limit.
 */
export function servingLimits(thresholds: readonly Threshold[], timeoutSeconds: number): ServingLimits {
  const general = thresholds.filter(
    ({ users, thinkTimeSeconds }) => users === undefined && thinkTimeSeconds === undefined,
  );
  const rates = general.filter(
    ({ metric, comparison }) => metric === "successRate" && comparison.startsWith(">"),
  );
  const p95s = general.filter(({ metric, comparison }) => metric === "p95" && comparison.startsWith("<"));
  const set = [...rates, ...p95s].map(({ text }) => text);
  const usual = [
    ...(rates.length === 0 ? ["99% success is the usual limit"] : []),
    ...(p95s.length === 0 ? [`${timeoutSeconds} s the clients' own time limit`] : []),
  ];
  return {
    successRate: rates.length === 0 ? USUAL_SUCCESS_RATE : Math.max(...rates.map(({ limit }) => limit)),
    p95Seconds: p95s.length === 0 ? timeoutSeconds : Math.min(...p95s.map(({ limit }) => limit)),
    isTimeLimit: p95s.length === 0,
    source: [
      ...(set.length === 0 ? [] : [`Set by the thresholds ${set.join(", ")}.`]),
      ...(usual.length === 0 ? [] : [`Nobody set another: ${usual.join(", ")}.`]),
      ...(p95s.length === 0 ? ["A threshold such as p95<2s asks for more."] : []),
    ].join(" "),
  };
}

export interface Serving {
  readonly thinkTimeSeconds: number;
  /** Most users that keep the limits, and no fewer users fail them; absent where already the fewest fail. */
  readonly users?: number;
  /** Whether that is the most that was measured. */
  readonly isMost: boolean;
  /** The answer, the beginning of the sentence. */
  readonly answer: string;
  /** The answer in words, with its limits and its confidence. */
  readonly sentence: string;
}

/** Up to how many users the function keeps its limits, one answer per think time. */
export function servedUsers(cells: readonly CellSummary[], limits: ServingLimits): readonly Serving[] {
  const thinks = [...new Set(cells.map((cell) => cell.thinkTimeSeconds))].sort((a, b) => a - b);
  return thinks.map((think) => {
    const own = cells.filter((cell) => cell.thinkTimeSeconds === think).sort((a, b) => a.users - b.users);
    const failing = own.findIndex((cell) => !keeps(cell, limits));
    const good = failing < 0 ? own : own.slice(0, failing);
    const last = good.at(-1);
    const first = failing < 0 ? undefined : own[failing];
    return {
      thinkTimeSeconds: think,
      ...(last !== undefined && { users: last.users }),
      isMost: first === undefined,
      answer: answer(think, last, first),
      sentence: [
        `${answer(think, last, first)}${conditions(last, first, limits)}.`,
        ...(last ? [confidence(last)] : []),
        ...(first ? [failure(first)] : []),
      ].join(" "),
    };
  });
}

const keeps = (cell: CellSummary, limits: ServingLimits) => brokenLimits(cell, limits).length === 0;

/** What keeps a cell from serving its users well, in words; empty where nothing does. */
export function brokenLimits(cell: CellSummary, limits: ServingLimits): readonly string[] {
  const rate = cell.successRate.meanOverClients;
  const { p95 } = cell.roundTripSeconds;
  if (rate === undefined || p95 === undefined) return ["no request was sent"];
  return [
    ...(rate < limits.successRate ? [`success ${percent(rate)}`] : []),
    ...(p95 > limits.p95Seconds ? [`p95 ${p95.toFixed(2)} s`] : []),
    ...(cell.crashedClients > 0 ? [`${cell.crashedClients} of ${cell.clients} clients crashed`] : []),
  ];
}

const percent = (ratio: number) => formatPercent(ratio, ratio === 1 ? 0 : 1);

function answer(think: number, last: CellSummary | undefined, first: CellSummary | undefined): string {
  return last === undefined
    ? `With a think time of ${think} s the function does not even serve ${formatUsers(first?.users ?? 0)}`
    : `With a think time of ${think} s the function serves ${formatUsers(last.users)}`;
}

function conditions(
  last: CellSummary | undefined,
  first: CellSummary | undefined,
  limits: ServingLimits,
): string {
  const within = limits.isTimeLimit
    ? ` within the clients' time limit of ${limits.p95Seconds} s`
    : ` with 95% of the round trips within ${limits.p95Seconds} s`;
  const most = last !== undefined && first === undefined ? ", the most that was measured," : "";
  return `${most}${within}${last === undefined ? "" : doubt(last, limits)}`;
}

/** Few requests may keep a limit by luck: the interval says so where it reaches beyond the limit. */
function doubt(cell: CellSummary, limits: ServingLimits): string {
  const { interval } = cell.successRate;
  return interval === undefined || interval.low >= limits.successRate
    ? ""
    : ` (not shown beyond doubt: after ${cell.requests.sent} requests the success rate may be as low as ${percent(interval.low)})`;
}

function confidence(cell: CellSummary): string {
  const { interval } = cell.successRate;
  const { answered, sent } = cell.requests;
  const range =
    interval === undefined ? "" : ` (95% interval ${percent(interval.low)} to ${percent(interval.high)})`;
  return `There ${answered} of ${sent} requests were answered${range}, 95% of them within ${cell.roundTripSeconds.p95?.toFixed(2)} s.`;
}

function failure(cell: CellSummary): string {
  const rate = cell.successRate.meanOverClients;
  const crashed = cell.crashedClients > 0;
  const begin = `With ${formatUsers(cell.users)}${crashed ? ` ${cell.crashedClients} of ${cell.clients} clients crashed` : ""}`;
  if (rate === undefined)
    return crashed ? `${begin}, and no request was sent.` : `${begin} no request was sent.`;
  return `${begin}${crashed ? "; of the others" : ""} the success rate is ${percent(rate)} and 95% of the round trips end within ${cell.roundTripSeconds.p95?.toFixed(2)} s.`;
}
