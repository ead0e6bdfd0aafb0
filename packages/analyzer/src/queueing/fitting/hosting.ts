import { percentInWords } from "../../words.ts";
import { average } from "../numeric/average.ts";
import { spread } from "../numeric/spread.ts";
import type { Hosting } from "../station/cut-feedback.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { simulate } from "../station/simulate.ts";
import type { FailedCell, Observation } from "./observation.ts";

export interface HostingEvidence {
  /** `released`: a time-out cancels the request on the host; `occupied`: the request keeps running. */
  readonly hosting: Hosting | "unknown";
  readonly reason: string;
}

/** Requests that failed before this share of the limit have another cause. */
const NEAR_LIMIT = 0.97;
/** Number of cells to simulate. */
const MOST_CELLS = 20;
/** Simulated requests per cell: more add no information, and a backlog costs its square. */
const MOST_FRAMES = 1000;
/** Users per simulated cell: with more, each would send too few requests. */
const MOST_USERS = 200;
/** A simulation with a larger error does not explain the cells. */
const MOST_MISSED = 0.2;
const BOTH = "predictions assume that time-outs cancel requests, and intervals cover both.";

/**
 * Infers the time-out behaviour: which one explains the measured round trips and success rates better, by
 * simulating the cells with time-outs. Cells in which every request timed out are the clearest evidence.
 */
export function judgeHosting(
  parameters: ModelParameters,
  observations: readonly Observation[],
  failed: readonly FailedCell[],
  limitSeconds: number,
  startRatePerSecond = 0.25,
): HostingEvidence {
  const cut = spread<FailedCell & Partial<Pick<Observation, "successRate">>>(
    [
      ...observations.filter((seen) => seen.cutFrames > 0),
      ...failed.filter((cell) => cell.meanRoundTripSeconds >= NEAR_LIMIT * limitSeconds),
    ].filter(({ users }) => users <= MOST_USERS),
    MOST_CELLS,
  );
  if (cut.length === 0) {
    const most = Math.max(0, ...observations.map(({ users }) => users), ...failed.map(({ users }) => users));
    const cells = most > MOST_USERS ? ` in cells of ${MOST_USERS} users or fewer` : "";
    return { hosting: "unknown", reason: `No request timed out${cells}; ${BOTH}` };
  }
  const error = (hosting: Hosting) =>
    average(
      cut.map((seen) => {
        const measured = Math.max(2, Math.round(seen.frames / seen.users));
        const framesPerUser = Math.min(measured, Math.max(2, Math.floor(MOST_FRAMES / seen.users)));
        const frames = simulate(parameters, {
          users: seen.users,
          thinkTimeSeconds: seen.thinkTimeSeconds,
          framesPerUser,
          // A shorter run keeps the ramp-up's share of the time.
          startRatePerSecond: (startRatePerSecond * measured) / framesPerUser,
          limitSeconds,
          hosting,
          seed: 1,
        });
        const mean = average(frames.map((frame) => frame.roundTripSeconds));
        const success = average(frames.map((frame) => (frame.answered ? 1 : 0)));
        // Near the limit the mean hardly moves; the success rate is more informative.
        return Math.max(
          Math.abs(Math.log(mean / seen.meanRoundTripSeconds)),
          Math.abs(success - (seen.successRate ?? 0)),
        );
      }),
    );
  const [released, occupied] = [error("released"), error("occupied")];
  if (Math.abs(released - occupied) < 0.02) {
    const found =
      Math.min(released, occupied) > MOST_MISSED
        ? `Neither time-out behaviour explains the cells with time-outs: simulations are off by ${percentInWords(released)} (cancelled) and ${percentInWords(occupied)} (keeps running)`
        : `Both time-out behaviours explain the cells with time-outs equally well (off by ${percentInWords(released)} and ${percentInWords(occupied)})`;
    return { hosting: "unknown", reason: `${found}; ${BOTH}` };
  }
  const hosting = released < occupied ? "released" : "occupied";
  return {
    hosting,
    reason: `Simulated round trips and success rates of the cells with time-outs are off by ${percentInWords(released)} (cancelled) and ${percentInWords(occupied)} (keeps running).`,
  };
}
