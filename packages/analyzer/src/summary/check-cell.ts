import type { ClientRun, EarlyEnd } from "../clients/client-run.ts";
import { formatPercent } from "../core/format.ts";
import type { Warning } from "../core/warnings.ts";
import type { CellSummary } from "./cell.ts";
import { type CellLoad, saturationWarnings } from "./saturation.ts";

export type { CellLoad as MachineLoad } from "./saturation.ts";

/** What is known of a cell besides its clients. */
export interface CellContext {
  readonly loads: readonly CellLoad[];
  /** Nobody said its think time. */
  readonly isConditionInferred: boolean;
}

/** Below this, one request more or less moves the 95th percentile to its neighbour. */
const FEW_REQUESTS = 30;
const LAW_TOLERANCE = 0.05;
const STEP_SECONDS = 0.1;
const TREND_P = 0.01;
const TREND_CHANGE = 0.1;

/** What to doubt about one cell's figures; empty where nothing. */
export function checkCell(
  cell: CellSummary,
  clients: readonly ClientRun[],
  { loads, isConditionInferred }: CellContext,
): readonly Warning[] {
  const { users, thinkTimeSeconds } = cell;
  return [
    ...endedEarly(clients),
    ...(isConditionInferred ? [] : lawOff(cell)),
    ...notSteady(cell),
    ...clockSteps(clients),
    ...saturationWarnings(loads),
  ].map((warning) => ({ ...warning, cell: { users, thinkTimeSeconds } }));
}

/** Cells with too few requests, all in one: there may be many. */
export function fewRequests(cells: readonly CellSummary[]): readonly Warning[] {
  const few = cells
    .filter(({ requests }) => requests.sent > 0 && requests.sent < FEW_REQUESTS)
    .toSorted((a, b) => a.requests.sent - b.requests.sent);
  const [least] = few;
  if (least === undefined) return [];
  const more = few.length - 1;
  const others =
    more === 0
      ? ""
      : `, and ${more} more ${more === 1 ? "cell has" : "cells have"} fewer than ${FEW_REQUESTS}`;
  return [
    {
      code: "FEW_REQUESTS",
      cell: { users: least.users, thinkTimeSeconds: least.thinkTimeSeconds },
      message: `only ${least.requests.sent} requests were sent${others}; their means are rough, and quantiles beyond the median are single requests`,
      hint: `send more requests per client, or repeat the cells, until each has ${FEW_REQUESTS} or more`,
    },
  ];
}

const EARLY_NAMED = 5;

/** Of crashed clients there is a warning already, but not of what was on its way. */
function endedEarly(clients: readonly ClientRun[]): readonly Warning[] {
  const early = clients.filter(
    ({ crashed, endedEarly }) => endedEarly !== undefined && (!crashed || endedEarly.unfinished.length > 0),
  );
  if (early.length === 0) return [];
  const named = early.slice(0, EARLY_NAMED).map(({ user, sample, sentRequests, endedEarly }) => {
    const { plannedRequests, why } = endedEarly as EarlyEnd;
    return `${user ?? sample.threadName} after ${sentRequests} of ${plannedRequests} (${why})`;
  });
  const unfinished = early.flatMap((client) => client.endedEarly?.unfinished ?? []);
  const longest = unfinished.reduce((most, { waitedSeconds }) => Math.max(most, waitedSeconds), 0);
  const waiting =
    unfinished.length === 0
      ? ""
      : `; unanswered then: ${unfinished.length}, one for ${longest.toFixed(3)} s already`;
  const more = early.length - named.length;
  return [
    {
      code: "CLIENTS_ENDED_EARLY",
      message: `${early.length} of ${clients.length} clients ended before their last request: ${named.join(", ")}${more > 0 ? `, and ${more} more` : ""}${waiting}`,
      hint: "the figures are of the requests that they finished, and those they did not may have been slow ones: give the clients more time, or send fewer requests",
    },
  ];
}

function lawOff({ interactiveLaw: law, thinkTimeSeconds }: CellSummary): readonly Warning[] {
  if (law === undefined) return [];
  const off = Math.abs(law.offRatio);
  // Think times that are drawn need not have their mean in a short run.
  if (off <= LAW_TOLERANCE || off <= 3 * law.errorRatio) return [];
  const short = law.offRatio < 0;
  return [
    {
      code: "LAW_OFF",
      message: `throughput × (round trip + think time) makes ${law.predictedClients.toFixed(2)} users of ${law.clients}, ${formatPercent(off, 0)} too ${short ? "few" : "many"}; the pause between requests was ${law.meanPauseSeconds.toFixed(3)} s, not ${thinkTimeSeconds} s`,
      hint: short
        ? "likely the think time is not what the clients used, or they were held up between requests: a busy load generator, requests read slowly, a clock set forward"
        : "likely the think time is not what the clients used, requests overlap, or a clock was set back",
    },
  ];
}

function notSteady({ steadiness }: CellSummary): readonly Warning[] {
  const { trend, warmUpRequests } = steadiness ?? {};
  if (trend === undefined || trend.pValue >= TREND_P || Math.abs(trend.changeRatio) < TREND_CHANGE) return [];
  const direction = trend.changeRatio > 0 ? "rose" : "fell";
  const warmUp = (warmUpRequests ?? 0) > 0 ? `; the first ${warmUpRequests} requests look like warm-up` : "";
  return [
    {
      code: "NOT_STEADY",
      message: `round trips ${direction} by ${formatPercent(Math.abs(trend.changeRatio), 0)} of their mean while all users were active (p = ${trend.pValue.toPrecision(2)})${warmUp}`,
      hint:
        trend.changeRatio > 0
          ? "a queue may still have been growing: send more requests per client until it levels off; or the later requests are harder"
          : "the function may have been warming up or scaling out: warm it up before the cell, or send more requests; or the later requests are easier",
    },
  ];
}

/** The wall clock against the monotonic one, between two requests of a client. */
function clockSteps(clients: readonly ClientRun[]): readonly Warning[] {
  const stepped = clients.flatMap((client) => {
    const step = client.requests?.totals.clockStepSeconds ?? 0;
    return Math.abs(step) > STEP_SECONDS ? [{ name: client.user ?? client.sample.threadName, step }] : [];
  });
  const [worst] = stepped.toSorted((a, b) => Math.abs(b.step) - Math.abs(a.step));
  if (worst === undefined) return [];
  return [
    {
      code: "CLOCK_STEP",
      message: `the clock of ${stepped.length === 1 ? worst.name : `${stepped.length} clients`} was set ${worst.step > 0 ? "forward" : "back"} by up to ${Math.abs(worst.step).toFixed(3)} s`,
      hint: "round trips are right (they use a monotonic clock); throughput, order and active times are not: let time synchronization settle before measuring",
    },
  ];
}
