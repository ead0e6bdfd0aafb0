import type { WorkerClock } from "../clocks/align-clients.ts";
import type { Condition } from "../core/condition.ts";
import type { Log } from "../log/log.ts";
import type { FunctionCpuTime } from "../summary/function-cpu.ts";
import type { CellLoad } from "../summary/saturation.ts";
import type { ReplicaLog } from "./replica-log.ts";

/** One log with the condition under which it was made. */
export interface LogInput extends Condition {
  readonly repetition: number;
  /** Name for messages. */
  readonly source: string;
  /** The log as read, or its text, XML or CSV; empty only if everything was recovered. */
  readonly log?: Log;
  readonly text?: string;
  /** Users and think time are inferred from the log: it becomes a cell only if it holds clients' reports. */
  readonly isConditionInferred?: boolean;
  /** Reports of clients without a sample, one JSON line each: a result folder's recovered.jsonl. */
  readonly recovered?: string;
  /** The clients' journals: they complete reports that are cut or missing. */
  readonly journals?: readonly string[];
  /** A second log of the same run, without response data: it completes the samples of the first one. */
  readonly secondLog?: Log;
  /** Addresses of the workers in order: users of the first are `w1-u1`, `w1-u2`, …; absent: not known. */
  readonly workers?: readonly string[];
  /** How many clients there should be; absent: not known. */
  readonly plannedClients?: number;
  /** Of an autoscaled function that slbench served. */
  readonly replicas?: ReplicaLog;
  /** How busy the load generator's machine was. */
  readonly load?: CellLoad;
  /** Absent: the function's processor time was not measured. */
  readonly functionCpu?: FunctionCpuTime;
  /** The workers' clocks during the measurement; absent: not compared. */
  readonly clocks?: readonly WorkerClock[];
}
