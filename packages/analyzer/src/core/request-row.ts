import type { Outcome } from "@slbench/client/report";

/**
 * One sent request, or one request of a log that slbench did not make: the tidy row that requests.csv and the Arrow
 * file hold and that the model reads. An absent value is not known. Durations in seconds, epoch times in microseconds.
 */
export interface RequestRow {
  /** Name of the cell: `u04-t0_5`, or the log's name if its condition was inferred. */
  readonly cell: string;
  readonly users: number;
  readonly thinkTimeSeconds?: number;
  /** Open loops: requests per second of all clients together. */
  readonly ratePerSecond?: number;
  /** Which run of the condition, from 1 on. */
  readonly repetition: number;
  /** The worker's address as in JMeter's thread names. */
  readonly worker?: string;
  /** The client as its report names it (`w1-u2`), else JMeter's thread name. */
  readonly user: string;
  /** 1, 2, … within one client. */
  readonly sequence: number;
  /** The payload's file name. */
  readonly payload?: string;
  /** The sampler's label; logs without reports only. */
  readonly label?: string;
  /** A transaction controller's sample, which spans other rows; logs without reports only. */
  readonly isTransaction?: boolean;
  readonly startEpochMicros?: number;
  readonly roundTripSeconds: number;
  /** Parts of the round trip, as the client measured them. */
  readonly connectSeconds?: number;
  readonly sendSeconds?: number;
  readonly waitSeconds?: number;
  readonly receiveSeconds?: number;
  /** As the function reports it; part of waitSeconds. */
  readonly handlerSeconds?: number;
  readonly mlSeconds?: number;
  /** `unknown`: a report of the older text form in which some requests failed, but not known which. */
  readonly outcome: Outcome | "unknown";
  /** The function's other times, by the names of the experiment. */
  readonly times?: Readonly<Record<string, number>>;
  /** What the function produced, for example tokens. */
  readonly units?: number;
  /** Streams: from the request's start to the first event. */
  readonly firstEventSeconds?: number;
  readonly events?: number;
  /** Streams: the longest time from an event to the next one. */
  readonly longestGapSeconds?: number;
  /** Streams: (last event − first event) ÷ (units − 1). */
  readonly secondsPerUnit?: number;
  /** Throttled requests: the function's Retry-After. */
  readonly retryAfterSeconds?: number;
  readonly status?: number;
  readonly faces?: number;
  readonly backend?: string;
  readonly coldStart?: boolean;
  /** Whether its response arrived in the steady part of its run; absent if the cell's figures are of the whole run. */
  readonly steady?: boolean;
  readonly replica?: string;
  readonly callId?: string;
  /** Open loop only: how far behind its schedule the request began. */
  readonly lateSeconds?: number;
  readonly sentBytes?: number;
  readonly receivedBytes?: number;
  readonly message?: string;
}
