import { formatPercent } from "../../core/format.ts";
import { NEAR_LIMIT } from "../../core/near-limit.ts";
import type { TimeoutBehaviour } from "../station/cut-feedback.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { simulate } from "../station/simulate.ts";
import { average, type FailedCell, type Observation, spread } from "./observation.ts";

export interface TimeoutEvidence {
  /** `released`: a request that timed out frees the host; `occupied`: it goes on. */
  readonly timeoutBehaviour: TimeoutBehaviour | "unknown";
  readonly reason: string;
}

/** Simulated cells. */
const MAX_CELLS = 20;
/** Simulated requests of a cell: more say no more, and piled-up requests cost their square. */
const MAX_REQUESTS = 1000;
/** Users of a simulated cell: with more, each would send too few of those requests. */
const MAX_USERS = 200;
/** What misses the cut cells by more explains nothing of them. */
const MAX_MISSED = 0.2;
const BOTH = "released is assumed, intervals hold both.";

/**
 * Which timeoutBehaviour explains the measured round trips and success rates better, by simulation of the cells with cut requests; those in
 * which all were cut say it most plainly.
 */
export function inferTimeoutBehaviour(
  parameters: ModelParameters,
  observations: readonly Observation[],
  failed: readonly FailedCell[],
  limitSeconds: number,
  startRatePerSecond = 0.25,
): TimeoutEvidence {
  const cut = spread<FailedCell & Partial<Pick<Observation, "successRate">>>(
    [
      ...observations.filter((seen) => seen.cutRequests > 0),
      ...failed.filter((cell) => cell.meanRoundTripSeconds >= NEAR_LIMIT * limitSeconds),
    ].filter(({ users }) => users <= MAX_USERS),
    MAX_CELLS,
  );
  if (cut.length === 0) {
    const most = Math.max(0, ...observations.map(({ users }) => users), ...failed.map(({ users }) => users));
    const cells = most > MAX_USERS ? ` in cells of ${MAX_USERS} users or fewer` : "";
    return { timeoutBehaviour: "unknown", reason: `No request was cut at the limit${cells}; ${BOTH}` };
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
          // Of a shorter run the users' start keeps its share.
          startRatePerSecond: (startRatePerSecond * measured) / requestsPerUser,
          limitSeconds,
          timeoutBehaviour,
          seed: 1,
        });
        const mean = average(requests.map((request) => request.roundTripSeconds));
        const success = average(requests.map((request) => (request.answered ? 1 : 0)));
        // Near the limit the mean hardly moves; there the success rate tells more.
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
        ? `Neither explains the cut cells: simulations miss by ${formatPercent(released)} (released) and ${formatPercent(occupied)} (occupied)`
        : `Both explain the cut cells alike (${formatPercent(released)}, ${formatPercent(occupied)})`;
    return { timeoutBehaviour: "unknown", reason: `${found}; ${BOTH}` };
  }
  const timeoutBehaviour = released < occupied ? "cancelled" : "keeps-running";
  return {
    timeoutBehaviour,
    reason: `Simulated round trips and success rates of the cut cells miss by ${formatPercent(released)} (released) and ${formatPercent(occupied)} (occupied).`,
  };
}
