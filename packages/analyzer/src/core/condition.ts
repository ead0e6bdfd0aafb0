import { type Condition, parseBursts } from "@slbench/client/condition";
import { formatCount, formatSeconds, formatUsers } from "./format.ts";

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
  ...(one.replicaCount !== undefined && { replicaCount: one.replicaCount }),
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

/** The order of cells: closed loops by think time, users and replicas, then open loops by rate. */
export function compareConditions(a: Condition, b: Condition): number {
  const [rate, otherRate] = [a.ratePerSecond ?? -1, b.ratePerSecond ?? -1];
  return (
    rate - otherRate ||
    a.thinkTimeSeconds - b.thinkTimeSeconds ||
    (a.thinkTime ?? "").localeCompare(b.thinkTime ?? "") ||
    a.users - b.users ||
    (a.replicaCount ?? 0) - (b.replicaCount ?? 0)
  );
}

/** A constant think time in seconds, or how think times are drawn: `exponential:1`. */
export type ThinkTime = number | string;

/**
 * What tells the think times of two conditions apart: drawn ones may have the mean of a constant one.
 *
 * @example
 * ```ts
 * thinkTimeOf({ users: 2, thinkTimeSeconds: 1, thinkTime: "exponential:1" }); // "exponential:1"
 * ```
 */
export const thinkTimeOf = ({ thinkTime, thinkTimeSeconds }: Condition): ThinkTime =>
  thinkTime ?? thinkTimeSeconds;

/** The different think times of conditions, the shortest first. */
export const thinkTimesOf = (conditions: readonly Condition[]): readonly ThinkTime[] => [
  ...new Set(conditions.toSorted(compareConditions).map(thinkTimeOf)),
];

/**
 * `5 s`, or how think times are drawn.
 *
 * @example
 * ```ts
 * describeThinkTime(0.5); // "0.5 s"
 * ```
 */
export const describeThinkTime = (think: ThinkTime): string =>
  typeof think === "number" ? formatSeconds(think) : think;

/**
 * A condition in words, as messages name it.
 *
 * @example
 * ```ts
 * describeCondition({ users: 1, thinkTimeSeconds: 0.5 }); // "1 user, think time 0.5 s"
 * describeCondition({ users: 2, thinkTimeSeconds: 0, ratePerSecond: 2.5 }); // "2.5 requests/s"
 * describeCondition({ users: 2, thinkTimeSeconds: 0, replicaCount: 3 }); // "2 users, think time 0 s, 3 replicas"
 * ```
 */
export function describeCondition(condition: Condition): string {
  const { users, ratePerSecond, replicaCount } = condition;
  if (ratePerSecond !== undefined)
    return `${ratePerSecond} ${ratePerSecond === 1 ? "request" : "requests"}/s`;
  const served = replicaCount === undefined ? "" : `, ${formatCount(replicaCount, "replica")}`;
  return `${formatUsers(users)}, think time ${describeThinkTime(thinkTimeOf(condition))}${served}`;
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

/**
 * The arrivals of an open loop in words.
 *
 * @example
 * ```ts
 * nameArrivals("poisson"); // "Poisson arrivals"
 * ```
 */
export function nameArrivals(process: NonNullable<Condition["process"]>): string {
  // Poisson is a name and keeps its capital letter.
  if (process === "poisson") return "Poisson arrivals";
  return process === "constant" ? "constant arrivals" : describeArrivals(process);
}
