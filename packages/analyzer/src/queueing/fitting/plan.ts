import { parseThinkTime } from "@slbench/client/think-time";
import { isUnderloaded } from "../../summary/active-users.ts";
import type { RunPlan } from "../station/run.ts";
import type { ModelCell } from "./observation.ts";

/** JMeter's start rate in the published experiments: one user every 4 s. */
const USUAL_START_RATE = 0.25;
/** It is assumed for a log without start times if it takes at most this share of the run. */
const SHORT_START = 0.1;

/**
 * How the runs of a cell were made.
 * @param requestsPerUser in the cell's measured part
 * @param cycleSeconds mean round trip and think time
 */
export function planOf(cell: ModelCell, requestsPerUser: number, cycleSeconds: number): RunPlan {
  const { users, isSteady = false, startRatePerSecond, thinkTime } = cell;
  const startSeconds = (users - 1) / USUAL_START_RATE;
  const isShort = startSeconds <= SHORT_START * requestsPerUser * cycleSeconds;
  const assumed = isShort && !isSteady ? USUAL_START_RATE : Number.POSITIVE_INFINITY;
  return {
    requestsPerUser: cell.requestsPerUser ?? requestsPerUser + (isSteady ? 1 : 0),
    startRatePerSecond: startRatePerSecond ?? assumed,
    isSteady,
    ...(thinkTime !== undefined && {
      think: thinkTime.startsWith("exponential") ? "exponential" : parseThinkTime(thinkTime).draw,
    }),
  };
}

/** Users that were in the system together: all of them, or as many as on average if those are far fewer. */
export function usersTogether(cell: ModelCell): number {
  const { users, meanActiveUsers = users } = cell;
  return isUnderloaded(cell) ? Math.max(1, Math.ceil(meanActiveUsers)) : users;
}
