import { formatUsers } from "./format.ts";

/** Something about a result that needs attention: shown with it, never an error. docs/errors.md lists the codes. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** The condition that it is about; absent where it is about a file, or about all cells. */
  readonly cell?: { readonly users: number; readonly thinkTimeSeconds: number };
}

/** The message with its cell before it, for a list of warnings. */
export function describeWarning({ cell, message }: Pick<Warning, "cell" | "message">): string {
  return cell === undefined
    ? message
    : `${formatUsers(cell.users)}, think time ${cell.thinkTimeSeconds} s: ${message}`;
}

/** Something of the input that could not be used. */
export interface SkippedInput {
  /** File or source. */
  readonly source: string;
  /** Line, byte or sample, as far as known. */
  readonly place: string;
  readonly reason: string;
  /** How many pieces it stands for; absent: one. */
  readonly count?: number;
}
