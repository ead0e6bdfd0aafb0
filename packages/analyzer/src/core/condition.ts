import { type Condition, parseBursts } from "@slbench/client/condition";
import { formatSeconds, formatUsers } from "./format.ts";

export { type Condition, cellFolderName, conditionKey } from "@slbench/client/condition";

/**
 * The condition alone of something that has more fields.
 *
 * @example
 * ```ts
 * conditionOf({ users: 2, thinkTimeSeconds: 0 }); // { users: 2, thinkTimeSeconds: 0 }
 * ```
 */
export const conditionOf = (one: Condition): Condition => ({
  users: one.users,
  thinkTimeSeconds: one.thinkTimeSeconds,
  ...(one.thinkTime !== undefined && { thinkTime: one.thinkTime }),
  ...(one.ratePerSecond !== undefined && { ratePerSecond: one.ratePerSecond }),
  ...(one.process !== undefined && { process: one.process }),
});

/**
 * Whether users wait for a response and think; in an open loop, requests arrive at a rate.
 *
 * @example
 * ```ts
 * isClosedLoop({ users: 2, thinkTimeSeconds: 0, ratePerSecond: 2.5 }); // false
 * ```
 */
export const isClosedLoop = ({ ratePerSecond }: Condition): boolean => ratePerSecond === undefined;

/** Whether there are cells, and all of them are open loops. */
export const areOpenLoops = (cells: readonly Condition[]): boolean =>
  cells.length > 0 && !cells.some(isClosedLoop);

/** The order of cells: closed loops by think time and users, then open loops by rate. */
export function compareConditions(a: Condition, b: Condition): number {
  const [rate, otherRate] = [a.ratePerSecond ?? -1, b.ratePerSecond ?? -1];
  return (
    rate - otherRate ||
    a.thinkTimeSeconds - b.thinkTimeSeconds ||
    (a.thinkTime ?? "").localeCompare(b.thinkTime ?? "") ||
    a.users - b.users
  );
}

/**
 * A condition in words, as messages name it.
 *
 * @example
 * ```ts
 * describeCondition({ users: 1, thinkTimeSeconds: 0.5 }); // "1 user, think time 0.5 s"
 * describeCondition({ users: 2, thinkTimeSeconds: 0, ratePerSecond: 2.5 }); // "2.5 requests/s"
 * ```
 */
export function describeCondition({ users, thinkTimeSeconds, thinkTime, ratePerSecond }: Condition): string {
  if (ratePerSecond !== undefined)
    return `${ratePerSecond} ${ratePerSecond === 1 ? "request" : "requests"}/s`;
  return `${formatUsers(users)}, think time ${thinkTime ?? formatSeconds(thinkTimeSeconds)}`;
}

/**
 * An arrival process in words: `poisson`, `constant`, or its bursts.
 *
 * @example
 * ```ts
 * describeArrivals("bursts:20/60"); // "bursts of 20 every 60 s"
 * ```
 */
export function describeArrivals(process: NonNullable<Condition["process"]> = "poisson"): string {
  const bursts = parseBursts(process);
  return bursts === undefined ? process : `bursts of ${bursts.requests} every ${bursts.everySeconds} s`;
}
