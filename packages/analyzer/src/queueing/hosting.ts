import { formatPercent } from "../core/format.ts";
import { NEAR_LIMIT } from "../core/near-limit.ts";
import type { Hosting } from "./cut-feedback.ts";
import { average, type FailedCell, type Observation, spread } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { simulate } from "./simulate.ts";

export interface HostingEvidence {
  /** `released`: a request that timed out frees the host; `occupied`: it goes on. */
  readonly hosting: Hosting | "unknown";
  readonly reason: string;
}

/** Simulated cells. */
const MOST_CELLS = 20;
/** Simulated frames of a cell: more say no more, and piled-up requests cost their square. */
const MOST_FRAMES = 1000;
/** Users of a simulated cell: with more, each would send too few of those frames. */
const MOST_USERS = 200;
/** What misses the cut cells by more explains nothing of them. */
const MOST_MISSED = 0.2;
const BOTH = "released is assumed, intervals hold both.";

/**
 * Which hosting explains the measured round trips and success rates better, by simulation of the cells with cut frames; those in
 * which all were cut say it most plainly.
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
    return { hosting: "unknown", reason: `No frame was cut at the limit${cells}; ${BOTH}` };
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
          // Of a shorter run the users' start keeps its share.
          startRatePerSecond: (startRatePerSecond * measured) / framesPerUser,
          limitSeconds,
          hosting,
          seed: 1,
        });
        const mean = average(frames.map((frame) => frame.roundTripSeconds));
        const success = average(frames.map((frame) => (frame.answered ? 1 : 0)));
        // Near the limit the mean hardly moves; there the success rate tells more.
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
        ? `Neither explains the cut cells: simulations miss by ${formatPercent(released)} (released) and ${formatPercent(occupied)} (occupied)`
        : `Both explain the cut cells alike (${formatPercent(released)}, ${formatPercent(occupied)})`;
    return { hosting: "unknown", reason: `${found}; ${BOTH}` };
  }
  const hosting = released < occupied ? "released" : "occupied";
  return {
    hosting,
    reason: `Simulated round trips and success rates of the cut cells miss by ${formatPercent(released)} (released) and ${formatPercent(occupied)} (occupied).`,
  };
}
