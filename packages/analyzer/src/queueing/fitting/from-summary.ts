import { NEAR_LIMIT } from "../../core/near-limit.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { censoredNormal, type Moments } from "./censored.ts";
import type { Observation } from "./observation.ts";

/** What the model reads of a cell of which only the summary is left; most of it may be missing. */
export type SummarizedCell = Pick<
  CellSummary,
  "users" | "thinkTimeSeconds" | "requests" | "roundTripSeconds"
> &
  Partial<
    Pick<
      CellSummary,
      | "clients"
      | "successRate"
      | "meanIntervals"
      | "repetitions"
      | "successfulRoundTripSeconds"
      | "handlerSeconds"
      | "outcomes"
    >
  >;

/** Half of a 95 % interval, in standard errors. */
const HALF_WIDTH = 1.96;
/** A mean with a larger error, as a share of it, says nothing; redrawn with it, it would overflow. */
const MAX_ERROR = 1;

/** As observe(), from a summary's figures; undefined where no request was answered. */
export function observeSummary(cell: SummarizedCell, limitSeconds: number): Observation | undefined {
  const { requests, roundTripSeconds: all, handlerSeconds } = cell;
  if (requests.answered === 0 || all.mean === undefined || all.stdev === undefined) return undefined;
  const atLimit = (all.max ?? 0) >= NEAR_LIMIT * limitSeconds ? requests.failed : 0;
  const cut = Math.min(requests.failed, cell.outcomes?.timeout ?? atLimit);
  const { mean, stdev } = censoredNormal(successfulMoments(cell, limitSeconds), cut, limitSeconds);
  const byRequests = (2 * stdev) / Math.sqrt(requests.sent); // requests of one client resemble each other
  const between = cell.meanIntervals?.overClients;
  const error =
    between === undefined
      ? byRequests
      : Math.max(byRequests / 2, (between.high - between.low) / 2 / HALF_WIDTH);
  return {
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: Math.min(MAX_ERROR, error / mean),
    meanRoundTripSeconds: all.mean,
    successRate: cell.successRate?.meanOverClients ?? requests.answered / requests.sent,
    ...(handlerSeconds?.mean !== undefined && { handlerSeconds: handlerSeconds.mean }),
    requests: requests.sent,
    cutRequests: cut,
    ...(cell.repetitions !== undefined && { betweenRunsSeconds: cell.repetitions.stdevBetween }),
  };
}

/** Older reports do not say which requests failed: as many as failed are taken to have ended at the limit. */
function successfulMoments(cell: SummarizedCell, limitSeconds: number): Moments {
  const { successfulRoundTripSeconds: answered, roundTripSeconds: all, requests } = cell;
  const known = answered?.count === requests.answered ? answered : undefined;
  const { count, mean = 0, stdev = 0 } = known ?? all;
  const sum = count * mean;
  const squares = (count - 1) * stdev ** 2 + count * mean ** 2;
  if (known !== undefined || requests.failed === 0) return { count, sum, squares };
  const limit = Math.min(limitSeconds, all.max ?? limitSeconds);
  return {
    count: count - requests.failed,
    sum: sum - requests.failed * limit,
    squares: squares - requests.failed * limit ** 2,
  };
}
