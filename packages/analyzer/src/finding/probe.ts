import type { Role } from "./search-state.ts";

/** The run to make next. */
export interface Probe {
  readonly kind: "probe";
  readonly load: number;
  readonly role: Role;
  readonly why: "raise" | "narrow" | "repeat" | "below-saturation";
  /** The loads between which the answer is taken to be; `high` is absent while nothing has failed. */
  readonly bracket: { readonly low: number; readonly high?: number };
  /** About how many runs are left, this one included; absent while a bracket is sought. */
  readonly runsLeft?: number;
}

export interface Answer {
  readonly kind: "answer";
  /**
   * `decided`: within the tolerance. `at-least`: the goal is shown to hold at the greatest load that could be tried.
   * `undecided`: the budget ended first.
   */
  readonly verdict: "decided" | "at-least" | "undecided";
  /** The likeliest load. */
  readonly load: number;
  /** Shown at the level of confidence; 0 if nothing is. */
  readonly atLeast: number;
  /** Shown at the level of confidence; absent without a load that fails. */
  readonly atMost?: number;
  /** The loads between which the answer is taken to be, shown or not. */
  readonly between: { readonly low: number; readonly high?: number };
  /** Why no greater load was tried. */
  readonly limitedBy?: "generator" | "most";
  /** About how many more runs would decide, if undecided; absent if that is not known. */
  readonly moreRuns?: number;
  /** Run-to-run standard deviation of the answer from one run per load, in loads; absent if no load was repeated. */
  readonly deviationLoads?: number;
}
