import type { SkippedInput, Warning } from "../core/warnings.ts";

/** What one pass of an analysis gives: its value, what to doubt about it, and what could not be used. */
export interface Pass<Value> {
  readonly value: Value;
  readonly warnings: readonly Warning[];
  readonly skipped: readonly SkippedInput[];
}
