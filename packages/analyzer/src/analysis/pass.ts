import type { SkippedInput, Warning } from "../core/warnings.ts";

/** The result of one pass of an analysis: its value, warnings about it, and input that could not be used. */
export interface Pass<Value> {
  readonly value: Value;
  readonly warnings: readonly Warning[];
  readonly skipped: readonly SkippedInput[];
}
