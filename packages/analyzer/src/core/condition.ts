import type { Condition } from "@slbench/client/condition";
import { formatSeconds, formatUsers } from "./format.ts";

export { type Condition, cellFolderName, conditionKey } from "@slbench/client/condition";

/** The condition alone of something that has more fields. */
export const conditionOf = ({ users, thinkTimeSeconds }: Condition): Condition => ({
  users,
  thinkTimeSeconds,
});

/**
 * A condition in words, as messages name it.
 *
 * @example
 * ```ts
 * describeCondition({ users: 1, thinkTimeSeconds: 0.5 }); // "1 user, think time 0.5 s"
 * ```
 */
export function describeCondition({ users, thinkTimeSeconds }: Condition): string {
  return `${formatUsers(users)}, think time ${formatSeconds(thinkTimeSeconds)}`;
}
