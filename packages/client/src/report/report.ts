import type { ArrivalProcess } from "../condition.ts";

export const REPORT_SCHEMA = "slbench.client-report/2";
export const JOURNAL_SCHEMA = "slbench.journal/2";

/** How one request ended, as the virtual user saw it. */
export const OUTCOMES = [
  "ok",
  "timeout",
  "http-error",
  "throttled",
  "redirect",
  "connection-closed",
  "connect-error",
  "invalid-response",
  "wrong-answer",
] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** One sent request; durations in seconds, sizes in bytes. Unknown values are absent. */
export interface RequestResult {
  /** 1, 2, … in the order of sending. */
  readonly sequence: number;
  /** The request's file name. */
  readonly payload: string;
  readonly startEpochMicros: number;
  readonly startMonotonicSeconds: number;
  readonly roundTripSeconds: number;
  readonly connectSeconds?: number;
  readonly sendSeconds?: number;
  readonly waitSeconds?: number;
  readonly receiveSeconds?: number;
  readonly status?: number;
  readonly sentBytes: number;
  readonly receivedBytes?: number;
  readonly handlerSeconds?: number;
  readonly mlSeconds?: number;
  readonly faces?: number;
  readonly backend?: string;
  readonly coldStart?: boolean;
  readonly replica?: string;
  readonly callId?: string;
  /** The function's other times by the names of the request specification, which end in `Seconds`. */
  readonly times?: Readonly<Record<string, number>>;
  /** What the function produced, for example tokens: `unitsName` of the head. */
  readonly units?: number;
  /** Streams only: from the request's start to the first event. */
  readonly firstEventSeconds?: number;
  readonly events?: number;
  /** Streams only: the longest time from an event to the next one. */
  readonly longestGapSeconds?: number;
  /** Streams only: (last event − first event) ÷ (units − 1). */
  readonly secondsPerUnit?: number;
  /** Only `throttled`: when the function allows the next request. */
  readonly retryAfterSeconds?: number;
  /** By the gateway's clock: the request was sent before the first, and the response started after the second. */
  readonly sentBeforeEpochMicros?: number;
  readonly answeredAfterEpochMicros?: number;
  /** Open loop only: how far behind its schedule the request started. */
  readonly lateSeconds?: number;
  readonly outcome: Outcome;
  readonly message?: string;
}

/** A request in flight when its client ended: how long its response would have taken is unknown. */
export interface UnfinishedRequest {
  readonly sequence: number;
  readonly startEpochMicros: number;
  /** From its start to the client's end, a lower bound of its round trip. */
  readonly waitedSeconds: number;
}

/** Everything about a client process except its requests: the journal's first line. */
export interface ReportHead {
  readonly client: { readonly version: string; readonly build: string; readonly runtime: string };
  readonly user?: string;
  readonly url: string;
  /** The mean, if it is not constant. */
  readonly thinkTimeSeconds: number;
  /** Only if it is not constant: `exponential:1`. */
  readonly thinkTime?: string;
  /** Only if think times, arrivals or the order of payloads are random. */
  readonly seed?: number;
  /** Open loop only. */
  readonly ratePerSecond?: number;
  /** Open loop only, if it is not `constant`. */
  readonly process?: ArrivalProcess;
  /** Requests started for this long, instead of a given number. */
  readonly durationSeconds?: number;
  readonly timeoutSeconds: number;
  readonly preset?: string;
  /** Only of the preset slblur: `slblur-json`, `slblur-text`, `slblur-image`. */
  readonly form?: string;
  readonly stream?: string;
  readonly unitsName?: string;
  /** Set if each response was checked. */
  readonly verified?: true;
  readonly startedEpochMicros: number;
  /** In a closed loop with `durationSeconds`: those that it started, and 0 in a journal's head. */
  readonly plannedRequests: number;
}

export interface ClientReport extends ReportHead {
  readonly schema: typeof REPORT_SCHEMA;
  readonly endedEpochMicros: number;
  /** Why it ended before its last request; absent if it completed. */
  readonly cutShort?: string;
  readonly requests: readonly RequestResult[];
  /** Requests without a response when it was cut short, by sequence; no statistic includes them. */
  readonly unfinished?: readonly UnfinishedRequest[];
}

/** The journal's last line. */
export type JournalEnd = Pick<ClientReport, "cutShort" | "unfinished">;
