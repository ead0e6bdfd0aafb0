import type { ClientRun, EarlyEnd } from "../clients/client-run.ts";
import { conditionOf } from "../core/condition.ts";
import {
  acknowledgementDelayed,
  clientsEndedEarly,
  clockStep,
  failedOutside,
  fewRequests,
  hostChanged,
  lawOff,
  notSteady,
} from "../core/warning-catalogue.ts";
import type { Warning } from "../core/warnings.ts";
import { incompleteBeta } from "../stats/incomplete-beta.ts";
import type { CellSummary } from "./cell.ts";
import { isLawOff } from "./interactive-law.ts";
import { changesOf } from "./run-summary.ts";
import { type CellLoad, saturationWarnings } from "./saturation.ts";

/** What is known of a cell besides its clients. */
export interface CellContext {
  readonly loads: readonly CellLoad[];
  /** Its think time was inferred, so a law that needs it proves nothing. */
  readonly isConditionInferred: boolean;
}

/** Below this, one request more or less moves the 95th percentile to its neighbour. */
const FEW_REQUESTS = 30;
const STEP_SECONDS = 0.1;
const TREND_P = 0.01;
const TREND_CHANGE = 0.1;
/** How often a run whose failures do not depend on the part has as many outside of the steady part. */
const FAILED_OUTSIDE_P = 0.01;

/** Warnings about one cell's figures. */
export function checkCell(
  cell: CellSummary,
  clients: readonly ClientRun[],
  { loads, isConditionInferred }: CellContext,
): readonly Warning[] {
  return [
    ...earlyEnds(cell, clients),
    ...(isConditionInferred ? [] : checkLaw(cell)),
    ...checkChange(cell),
    ...failuresOutside(cell),
    ...clockSteps(cell, clients),
    ...checkAcknowledgements(cell),
    ...saturationWarnings(cell, loads),
  ];
}

/** One warning for all cells with too few requests: there may be many. */
export function tooFewRequests(cells: readonly CellSummary[]): readonly Warning[] {
  const few = cells
    .filter(({ requests }) => requests.sent > 0 && requests.sent < FEW_REQUESTS)
    .toSorted((a, b) => a.requests.sent - b.requests.sent);
  const [fewest] = few;
  return fewest === undefined
    ? []
    : [fewRequests(fewest, fewest.requests.sent, few.length - 1, FEW_REQUESTS)];
}

const MAX_NAMED = 5;

/** Crashed clients have a warning of their own, but not their unfinished requests. */
function earlyEnds(cell: CellSummary, clients: readonly ClientRun[]): readonly Warning[] {
  const early = clients.filter(
    ({ crashed, endedEarly }) => endedEarly !== undefined && (!crashed || endedEarly.unfinished.length > 0),
  );
  if (early.length === 0) return [];
  const named = early.slice(0, MAX_NAMED).map(({ user, sample, sentRequests, endedEarly }) => {
    const { plannedRequests, why } = endedEarly as EarlyEnd;
    return `${user ?? sample.threadName} after ${sentRequests} of ${plannedRequests} (${why})`;
  });
  const unfinished = early.flatMap((client) => client.endedEarly?.unfinished ?? []);
  const warning = clientsEndedEarly({
    ...{ clients: clients.length, named, early: early.length, unfinishedRequests: unfinished.length },
    longestWaitSeconds: unfinished.reduce(
      (longest, { waitedSeconds }) => Math.max(longest, waitedSeconds),
      0,
    ),
  });
  return [{ ...warning, cell: conditionOf(cell) }];
}

function checkLaw(cell: CellSummary): readonly Warning[] {
  const { interactiveLaw: law } = cell;
  return law === undefined || !isLawOff(law) ? [] : [lawOff(cell, law)];
}

/** A step says more than a trend: where it is, and how large. */
function checkChange(cell: CellSummary): readonly Warning[] {
  const changes = changesOf(cell);
  return changes.length > 0 ? [hostChanged(cell, changes)] : checkTrend(cell);
}

function checkTrend(cell: CellSummary): readonly Warning[] {
  const { trend, warmUpRequests = 0 } = cell.steadiness ?? {};
  if (trend === undefined || trend.pValue >= TREND_P || Math.abs(trend.changeRatio) < TREND_CHANGE) return [];
  return [notSteady(cell, { ...trend, warmUpRequests })];
}

/** Requests before and after the steady part that failed more often than those in it, beyond chance. */
function failuresOutside(cell: CellSummary): readonly Warning[] {
  if (cell.wholeRun === undefined) return [];
  const { requests: inside, wholeRun } = cell;
  const sent = wholeRun.requests.sent - inside.sent;
  const failed = wholeRun.requests.failed - inside.failed;
  const share = (inside.failed + 1) / (inside.sent + 2);
  // Binomial: so many failures or more.
  const pValue = failed === 0 ? 1 : incompleteBeta(share, failed, sent - failed + 1);
  return pValue < FAILED_OUTSIDE_P ? [failedOutside(cell, { sent, failed })] : [];
}

function checkAcknowledgements(cell: CellSummary): readonly Warning[] {
  const heldSeconds = cell.delayedAcknowledgementSeconds;
  return heldSeconds === undefined ? [] : [acknowledgementDelayed(cell, heldSeconds)];
}

/** The wall clock against the monotonic one, between two requests of a client. */
function clockSteps(cell: CellSummary, clients: readonly ClientRun[]): readonly Warning[] {
  const stepped = clients.flatMap((client) => {
    const step = client.requests?.facts.clockStepSeconds ?? 0;
    return Math.abs(step) > STEP_SECONDS ? [{ name: client.user ?? client.sample.threadName, step }] : [];
  });
  const [worst] = stepped.toSorted((a, b) => Math.abs(b.step) - Math.abs(a.step));
  if (worst === undefined) return [];
  const client = stepped.length === 1 ? worst.name : `${stepped.length} clients`;
  return [clockStep(cell, client, worst.step)];
}
