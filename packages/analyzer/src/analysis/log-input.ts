import type { WorkerClock } from "../clocks/align-clients.ts";
import type { Condition } from "../core/condition.ts";
import type { Log } from "../log/log.ts";
import type { MachineLoad } from "../summary/check-cell.ts";

/** One log with the condition under which it was made. */
export interface LogInput extends Condition {
  readonly repetition: number;
  /** Name for messages. */
  readonly source: string;
  /** The log: read already, or its text, XML or CSV; empty only where everything was recovered. */
  readonly log?: Log;
  readonly text?: string;
  /** Nobody said what its users and think time are: it is a cell only where it holds clients' reports. */
  readonly isConditionInferred?: boolean;
  /** Reports of clients that left no sample, one JSON line each: a result folder's recovered.jsonl. */
  readonly recovered?: string;
  /** The clients' journals: what is in none of the reports is taken from them. */
  readonly journals?: readonly string[];
  /** A second log of the same run, without response data: for the samples that the first one lost. */
  readonly secondLog?: Log;
  /** Addresses of the workers in order: the first one's users are `w1-u1`, `w1-u2`, …; absent: not known. */
  readonly workers?: readonly string[];
  /** How many clients there should be; absent: not known. */
  readonly plannedClients?: number;
  /** How busy the load generator's machine was. */
  readonly load?: MachineLoad;
  /** The workers' clocks during the measurement; absent: not compared. */
  readonly clocks?: readonly WorkerClock[];
}
