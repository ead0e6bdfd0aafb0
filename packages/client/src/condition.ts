/** What a cell of an experiment is measured under. */
export interface Condition {
  /** Virtual users, integer ≥ 1. */
  readonly users: number;
  /** Seconds from a response to the next request. */
  readonly thinkTimeSeconds: number;
}

/**
 * A condition's name, which joins requests, summaries and result folders. It depends on the condition alone.
 * Users have at least two digits, and there is no dot, so that it is a valid file name on every system.
 *
 * @example
 * ```ts
 * conditionKey({ users: 4, thinkTimeSeconds: 0.5 }); // "u04-t0_5"
 * ```
 */
export function conditionKey({ users, thinkTimeSeconds }: Condition): string {
  return `u${String(users).padStart(2, "0")}-t${String(thinkTimeSeconds).replace(".", "_")}`;
}

/**
 * The folder of one repetition of a condition, and the name of its plan.
 *
 * @param repetition from 1 on
 *
 * @example
 * ```ts
 * cellFolderName({ users: 4, thinkTimeSeconds: 0.5 }, 1); // "u04-t0_5-r1"
 * ```
 */
export function cellFolderName(condition: Condition, repetition: number): string {
  return `${conditionKey(condition)}-r${repetition}`;
}
