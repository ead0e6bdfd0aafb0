import { drawNormal } from "../../stats/draw-normal.ts";
import { type QueueingErrorCode, SlbenchError } from "../errors.ts";
import type { ColdStartFinding } from "../fitting/cold-starts.ts";
import { drawStudent } from "../numeric/draw-student.ts";
import type { StartTime } from "../serverless/platform.ts";

/** How long replicas take to start, and what is plausible about it. */
export interface StartTimes {
  readonly source: "given" | "measured";
  readonly meanSeconds: number;
  readonly draw: (random: () => number) => StartTime;
}

/**
 * The start times of a platform's replicas: as given, otherwise as the cold starts of the cells took.
 * @throws {SlbenchError} MODEL_BAD_QUESTION if neither is known
 */
export function findStartTimes(given: number | undefined, found: ColdStartFinding | undefined): StartTimes {
  if (given !== undefined) {
    const startTime = { meanSeconds: given, variation: 0 };
    return { source: "given", meanSeconds: given, draw: () => startTime };
  }
  if (found === undefined || found.rule === "always")
    throw new SlbenchError<QueueingErrorCode>(
      "MODEL_BAD_QUESTION",
      found === undefined
        ? "these cells show no cold starts, so it is not known how long a replica takes to start"
        : "most requests of these cells start cold, so it is not known how long a replica takes to start",
      { hint: "give it: --cold-start 2s", exitCode: 2 },
    );
  const { meanSeconds, stdevSeconds, samples } = found;
  const error = stdevSeconds / Math.sqrt(samples);
  const spreadError = 1 / Math.sqrt(2 * Math.max(1, samples - 1));
  return {
    source: "measured",
    meanSeconds,
    draw: (random) => {
      const drawn = meanSeconds + error * drawStudent(Math.max(1, samples - 1), random);
      const mean = Math.max(0.01 * meanSeconds, drawn);
      const spread = stdevSeconds * Math.max(0, 1 + spreadError * drawNormal(random));
      return { meanSeconds: mean, variation: spread / mean };
    },
  };
}
