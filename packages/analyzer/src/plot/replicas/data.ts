import type { LogInput } from "../../analysis/log-input.ts";
import type { ReplicaLog } from "../../analysis/replica-log.ts";

/** A run whose replicas are known. */
export interface ReplicaRun {
  readonly input: LogInput;
  readonly log: ReplicaLog;
}

export const replicaRuns = (inputs: readonly LogInput[]): readonly ReplicaRun[] =>
  inputs.flatMap((input) => (input.replicas === undefined ? [] : [{ input, log: input.replicas }]));
