/** What a cell of an experiment is measured under. */
export interface Condition {
  /** Virtual users, integer ≥ 1. */
  readonly users: number;
  /** Seconds between an answer and the next request. */
  readonly thinkTimeSeconds: number;
}

/**
 * A condition's name: requests, summaries and folders of results are joined by it. It depends on the condition
 * alone; users have two digits at least, and there is no dot, so that it is a file name everywhere.
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
