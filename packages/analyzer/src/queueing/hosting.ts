import type { Hosting } from "./cut-feedback.ts";
import { average, type Observation, spread } from "./observation.ts";
import type { ModelParameters } from "./parameters.ts";
import { simulate } from "./simulate.ts";

export interface HostingEvidence {
  /** `released`: a request that timed out frees the host; `occupied`: it goes on. */
  readonly hosting: Hosting | "unknown";
  readonly reason: string;
}

/** Simulated cells. */
const MOST_CELLS = 20;
const BOTH = "released is assumed, intervals hold both.";

/** Which hosting explains the measured success rates better, by simulation of the cells with cut frames. */
export function judgeHosting(
  parameters: ModelParameters,
  observations: readonly Observation[],
  limitSeconds: number,
  startRatePerSecond = 0.25,
): HostingEvidence {
  const cut = spread(
    observations.filter((seen) => seen.cutFrames > 0),
    MOST_CELLS,
  );
  if (cut.length === 0) return { hosting: "unknown", reason: `No frame was cut at the limit; ${BOTH}` };
  const error = (hosting: Hosting) =>
    average(
      cut.map((seen) => {
        const frames = simulate(parameters, {
          users: seen.users,
          thinkTimeSeconds: seen.thinkTimeSeconds,
          framesPerUser: Math.max(2, Math.round(seen.frames / seen.users)),
          startRatePerSecond,
          limitSeconds,
          hosting,
          seed: 1,
        });
        const mean = average(frames.map((frame) => frame.roundTripSeconds));
        return Math.abs(Math.log(mean / seen.meanRoundTripSeconds));
      }),
    );
  const [released, occupied] = [error("released"), error("occupied")];
  const shown = (value: number) => `${(100 * value).toFixed(1)} %`;
  if (Math.abs(released - occupied) < 0.02) {
    return {
      hosting: "unknown",
      reason: `Both explain the cut cells alike (${shown(released)}, ${shown(occupied)}); ${BOTH}`,
    };
  }
  const hosting = released < occupied ? "released" : "occupied";
  return {
    hosting,
    reason: `Simulated mean round trips of the cut cells miss by ${shown(released)} (released) and ${shown(occupied)} (occupied).`,
  };
}
