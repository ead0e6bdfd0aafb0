import type { Hosting } from "../station/cut-feedback.ts";
import type { ModelParameters } from "../station/parameters.ts";
import type { RunError } from "./run-error.ts";

/** A fitted station as predictions need it. */
export interface PredictionInput {
  readonly parameters: ModelParameters;
  readonly bootstrap: readonly ModelParameters[];
  readonly runError: RunError;
  /** Error of the fitted standard deviations, root mean square of logarithms. */
  readonly spreadError: number;
  readonly limitSeconds: number;
  /** What becomes of cut requests; where it is not known, released is predicted and intervals hold both. */
  readonly hosting: Hosting | "unknown";
  /** True where no load showed that the servers are all: then waiting may be less than predicted. */
  readonly serversOpen: boolean;
  /** Frames per client of a run, for the chance in its mean. */
  readonly framesPerClient: number;
  readonly seed: number;
}
