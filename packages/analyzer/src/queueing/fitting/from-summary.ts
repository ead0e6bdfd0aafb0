import { NEAR_LIMIT } from "../../core/near-limit.ts";
import { stdev } from "../../stats/stdev.ts";
import { censoredNormal, type Moments } from "./censored.ts";
import type { ModelCell, Observation, SummarizedCell } from "./observation.ts";
import { planOf, usersTogether } from "./plan.ts";

/** Half-width of a 95% interval, in standard errors. */
const HALF_WIDTH = 1.96;
/** Largest relative error of a mean that is resampled: beyond it the draw would overflow. */
const MAX_ERROR = 1;

/** An observation from a summary's figures; undefined if no request succeeded. */
export function observeSummary(
  cell: SummarizedCell,
  whole: ModelCell,
  limitSeconds: number,
): Observation | undefined {
  const { requests, roundTripSeconds: all, handlerSeconds } = cell;
  if (requests.successful === 0 || all.mean === undefined || all.stdev === undefined) return undefined;
  const atLimit = (all.max ?? 0) >= NEAR_LIMIT * limitSeconds ? requests.failed : 0;
  const cut = Math.min(requests.failed, cell.outcomes?.timeout ?? atLimit);
  const moments = successfulMoments(cell, limitSeconds);
  const { mean, stdev: spread } = censoredNormal(moments, cut, limitSeconds);
  const modelMeanSeconds = (moments.sum + cut * limitSeconds) / (moments.count + cut);
  const runs = cell.runs?.length ?? 1;
  const byRequests = (2 * spread) / Math.sqrt(requests.sent); // requests of one client are correlated
  const interval = cell.roundTripInterval;
  const error =
    interval === undefined
      ? byRequests
      : Math.max(byRequests / 2, (interval.high - interval.low) / 2 / HALF_WIDTH);
  const between = stdev((cell.runs ?? []).map((run) => run.mean.value));
  return {
    users: cell.users,
    thinkTimeSeconds: cell.thinkTimeSeconds,
    uncutMeanSeconds: mean,
    stdevSeconds: spread,
    relativeError: Math.min(MAX_ERROR, error / mean),
    meanRoundTripSeconds: all.mean,
    successRate: cell.successRate?.meanOverClients ?? requests.successful / requests.sent,
    modelMeanSeconds,
    modelSuccessRate: moments.count / (moments.count + cut),
    plan: planOf(
      whole,
      requests.sent / (cell.clients ?? cell.users * runs),
      modelMeanSeconds + cell.thinkTimeSeconds,
    ),
    runs,
    activeUsers: usersTogether(whole),
    ...(handlerSeconds?.mean !== undefined && { handlerSeconds: handlerSeconds.mean }),
    ...(whole.functionCpu !== undefined && requests.failed === 0 && { functionCpu: whole.functionCpu }),
    requests: requests.sent,
    cutRequests: cut,
    ...(between !== undefined && { betweenRunsSeconds: between }),
  };
}

/** Reports in the older form do not say which requests failed: assume that all failures ended at the limit. */
function successfulMoments(cell: SummarizedCell, limitSeconds: number): Moments {
  const { successfulRoundTripSeconds: successful, roundTripSeconds: all, requests } = cell;
  const known = successful?.count === requests.successful ? successful : undefined;
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
