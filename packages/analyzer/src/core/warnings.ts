import { type Condition, describeCondition } from "./condition.ts";

/** Something about a result that needs attention: shown with it, never an error. docs/errors.md lists the codes. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The condition that it is about; absent if it is about a file, or about all cells. */
  readonly cell?: Condition;
}

/**
 * The message with its cell before it, for a list of warnings.
 *
 * @example
 * ```ts
 * describeWarning({ cell: { users: 1, thinkTimeSeconds: 0 }, message: "only 3 requests sent" }); // "1 user, think time 0 s: only 3 requests sent"
 * ```
 */
export function describeWarning({ cell, message }: Pick<Warning, "cell" | "message">): string {
  return cell === undefined ? message : `${describeCondition(cell)}: ${message}`;
}

/** A piece of the input that could not be used. */
export interface SkippedInput {
  /** File or source. */
  readonly source: string;
  /** `line 4`, `byte 120`, a thread, as far as known. */
  readonly position: string;
  readonly reason: string;
  /** How many pieces this entry stands for; absent: one. */
  readonly count?: number;
}
