import type { ModelParameters } from "../station/parameters.ts";
import type { TimeoutBehaviour } from "../station/simulate.ts";
import type { RunError } from "./run-error.ts";

/** A fitted station in the form that predictions need. */
export interface PredictionInput {
  readonly parameters: ModelParameters;
  readonly bootstrap: readonly ModelParameters[];
  readonly runError: RunError;
  /** Root mean square of ln(fitted / observed standard deviation). */
  readonly spreadError: number;
  readonly limitSeconds: number;
  /** If unknown, predictions assume that time-outs cancel requests, and intervals cover both. */
  readonly timeoutBehaviour: TimeoutBehaviour | "unknown";
  /** True if no load showed an upper end of the servers: then waiting may be shorter than predicted. */
  readonly serversOpen: boolean;
  /** Requests per user in a run: determines the sampling error of its mean. */
  readonly requestsPerUser: number;
  readonly seed: number;
}
