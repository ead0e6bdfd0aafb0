import { formatPercent } from "../../core/format.ts";
import { NEAR_LIMIT } from "../../core/near-limit.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";
import { simulate } from "../station/simulate.ts";
import type { FailedCell, Observation } from "./observation.ts";

export interface TimeoutEvidence {
  /** `released`: a time-out cancels the request on the host; `occupied`: the request keeps running. */
  readonly timeoutBehaviour: TimeoutBehaviour | "unknown";
  readonly reason: string;
}

/** Number of cells to simulate. */
const MAX_CELLS = 20;
/** Simulated requests per cell: more add no information, and a backlog costs its square. */
const MAX_REQUESTS = 1000;
/** Users per simulated cell: with more, each would send too few requests. */
const MAX_USERS = 200;
/** A simulation with a larger error does not explain the cells. */
const MAX_MISSED = 0.2;
const BOTH = "predictions assume that time-outs cancel requests, and intervals cover both.";

/**
 * Infers the time-out behaviour: which one explains the measured round trips and success rates better, by
 * simulating the cells with time-outs. Cells in which every request timed out are the clearest evidence.
 */
export function inferTimeoutBehaviour(
  parameters: ModelParameters,
  observations: readonly Observation[],
  failed: readonly FailedCell[],
  limitSeconds: number,
  startRatePerSecond = 0.25,
): TimeoutEvidence {
  const cut = spread<FailedCell & Partial<Pick<Observation, "successRate" | "isSteady">>>(
    [
      ...observations.filter((seen) => seen.cutRequests > 0),
      ...failed.filter((cell) => cell.meanRoundTripSeconds >= NEAR_LIMIT * limitSeconds),
    ].filter(({ users }) => users <= MAX_USERS),
    MAX_CELLS,
  );
  if (cut.length === 0) {
    const most = Math.max(0, ...observations.map(({ users }) => users), ...failed.map(({ users }) => users));
    const cells = most > MAX_USERS ? ` in cells of ${MAX_USERS} users or fewer` : "";
    return { timeoutBehaviour: "unknown", reason: `No request timed out${cells}; ${BOTH}` };
  }
  const error = (timeoutBehaviour: TimeoutBehaviour) =>
    average(
      cut.map((seen) => {
        const measured = Math.max(2, Math.round(seen.requests / seen.users));
        const requestsPerUser = Math.min(measured, Math.max(2, Math.floor(MAX_REQUESTS / seen.users)));
        const requests = simulate(parameters, {
          users: seen.users,
          thinkTimeSeconds: seen.thinkTimeSeconds,
          requestsPerUser,
          // A shorter run keeps the ramp-up's share of the time.
          startRatePerSecond:
            seen.isSteady === true
              ? Number.POSITIVE_INFINITY
              : (startRatePerSecond * measured) / requestsPerUser,
          limitSeconds,
          timeoutBehaviour,
          seed: 1,
        });
        const mean = average(requests.map((request) => request.roundTripSeconds));
        const success = average(requests.map((request) => (request.successful ? 1 : 0)));
        // Near the limit the mean hardly moves; the success rate is more informative.
        return Math.max(
          Math.abs(Math.log(mean / seen.meanRoundTripSeconds)),
          Math.abs(success - (seen.successRate ?? 0)),
        );
      }),
    );
  const [released, occupied] = [error("cancelled"), error("keeps-running")];
  if (Math.abs(released - occupied) < 0.02) {
    const found =
      Math.min(released, occupied) > MAX_MISSED
        ? `Neither time-out behaviour explains the cells with time-outs: simulations are off by ${formatPercent(released)} (cancelled) and ${formatPercent(occupied)} (keeps running)`
        : `Both time-out behaviours explain the cells with time-outs equally well (off by ${formatPercent(released)} and ${formatPercent(occupied)})`;
    return { timeoutBehaviour: "unknown", reason: `${found}; ${BOTH}` };
  }
  const timeoutBehaviour = released < occupied ? "cancelled" : "keeps-running";
  return {
    timeoutBehaviour,
    reason: `Simulated round trips and success rates of the cells with time-outs are off by ${formatPercent(released)} (cancelled) and ${formatPercent(occupied)} (keeps running).`,
  };
}
