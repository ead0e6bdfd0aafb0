import type { ModelParameters } from "../station/parameters.ts";
import type { RunPlan } from "../station/run.ts";
import type { OtherFailures } from "./other-failures.ts";
import type { StationDraw } from "./variant.ts";

/** A fitted station in the form that predictions need. */
export interface PredictionInput {
  /** The most plausible station; two stations as one. */
  readonly parameters: ModelParameters;
  /**
   * Stations that predictions are averages of: with no more servers than were seen in use, and no long delay unless
   * the cells show one. Each is as likely as any other.
   */
  readonly draws: readonly StationDraw[];
  /** All stations that may explain the cells: intervals are made of them. The same list if it is no wider. */
  readonly plausible: readonly StationDraw[];
  /** How the predicted runs are made. */
  readonly plan: RunPlan;
  readonly limitSeconds: number;
  /** Absent: every request that failed reached the limit. */
  readonly otherFailures?: OtherFailures;
  /** True if no load showed an upper end of the servers: then waiting may be shorter than predicted. */
  readonly serversOpen: boolean;
  readonly seed: number;
}
