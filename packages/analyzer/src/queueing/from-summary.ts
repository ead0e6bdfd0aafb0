import { NEAR_LIMIT } from "../core/near-limit.ts";
import type { CellSummary } from "../summary/cell.ts";
import { censoredNormal, type Moments } from "./censored.ts";
import type { Observation } from "./observation.ts";

/** What the model reads of a cell of which only the summary is left; most of it may be missing. */
export type SummarizedCell = Pick<CellSummary, "users" | "thinkTimeSeconds" | "frames" | "roundTripSeconds"> &
  Partial<
    Pick<
      CellSummary,
      | "clients"
      | "successRate"
      | "meanIntervals"
      | "repetitions"
      | "answeredRoundTripSeconds"
      | "handlerSeconds"
      | "outcomes"
    >
  >;

/** Half of a 95 % interval, in standard errors. */
const HALF_WIDTH = 1.96;
/** A mean with a larger error, as a share of it, says nothing; redrawn with it, it would overflow. */
const MOST_ERROR = 1;

/** As observe(), from a summary's figures; undefined where no frame was answered. */
export function observeSummary(cell: SummarizedCell, limitSeconds: number): Observation | undefined {
  const { frames, roundTripSeconds: all, handlerSeconds } = cell;
  if (frames.answered === 0 || all.mean === undefined || all.stdev === undefined) return undefined;
  const atLimit = (all.max ?? 0) >= NEAR_LIMIT * limitSeconds ? frames.failed : 0;
  const cut = Math.min(frames.failed, cell.outcomes?.timeout ?? atLimit);
  const { mean, stdev } = censoredNormal(answeredMoments(cell, limitSeconds), cut, limitSeconds);
  const byFrames = (2 * stdev) / Math.sqrt(frames.sent); // frames of one client resemble each other
  const between = cell.meanIntervals?.overClients;
  const error =
    between === undefined ? byFrames : Math.max(byFrames / 2, (between.high - between.low) / 2 / HALF_WIDTH);
  return {
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: stdev,
    relativeError: Math.min(MOST_ERROR, error / mean),
    meanRoundTripSeconds: all.mean,
    successRate: cell.successRate?.meanOverClients ?? frames.answered / frames.sent,
    ...(handlerSeconds?.mean !== undefined && { handlerSeconds: handlerSeconds.mean }),
    frames: frames.sent,
    cutFrames: cut,
    ...(cell.repetitions !== undefined && { betweenRunsSeconds: cell.repetitions.stdevBetween }),
  };
}

/** Older reports do not say which frames failed: as many as failed are taken to have ended at the limit. */
function answeredMoments(cell: SummarizedCell, limitSeconds: number): Moments {
  const { answeredRoundTripSeconds: answered, roundTripSeconds: all, frames } = cell;
  const known = answered?.count === frames.answered ? answered : undefined;
  const { count, mean = 0, stdev = 0 } = known ?? all;
  const sum = count * mean;
  const squares = (count - 1) * stdev ** 2 + count * mean ** 2;
  if (known !== undefined || frames.failed === 0) return { count, sum, squares };
  const limit = Math.min(limitSeconds, all.max ?? limitSeconds);
  return {
    count: count - frames.failed,
    sum: sum - frames.failed * limit,
    squares: squares - frames.failed * limit ** 2,
  };
}
