/** Replicas of an autoscaled function from a moment on. */
export interface ReplicaCounts {
  /** From the start of JMeter's controller on. */
  readonly atSeconds: number;
  /** By the rule. */
  readonly wanted: number;
  readonly ready: number;
  readonly starting: number;
  /** They complete their last requests. */
  readonly ending: number;
  /** Requests that wait in the gateway. */
  readonly queued: number;
}

/** Replicas of a function during a cell: `replicas` of cell.json. */
export interface ReplicaUse {
  /** Time that replicas existed, starting and ending ones included, added up. */
  readonly replicaSeconds: number;
  /** Most at once. */
  readonly maxReplicas: number;
  /** Length of the cell. */
  readonly seconds: number;
}

/** What an autoscaler did during a cell. */
export interface ReplicaLog extends ReplicaUse {
  /** In order; each holds until the next one, the last one until the cell's end. */
  readonly changes: readonly ReplicaCounts[];
}
