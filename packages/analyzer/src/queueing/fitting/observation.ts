import type { HostChange } from "../../core/host-change.ts";
import type { CellSummary } from "../../summary/cell.ts";
import { average } from "../numeric/average.ts";
import type { RunPlan } from "../station/run.ts";
import type { ProcessorNeed } from "./processor-need.ts";

/** A request of a client's whole run; times in seconds. */
export interface TracedRequest {
  /** From a moment that all clients of a repetition share, and all runs of a result. */
  readonly startSeconds: number;
  readonly roundTripSeconds: number;
  readonly successful: boolean;
  /** Absent: the response does not say. */
  readonly isCold?: boolean;
  readonly replica?: string;
  readonly handlerSeconds?: number;
}

/** One client as the model needs it: its round trips in order, and how many succeeded. */
export interface ModelClient {
  readonly roundTripSeconds: readonly number[];
  readonly successfulRequests: number;
  /** Which requests succeeded, in the order of the round trips; absent: the fastest ones. */
  readonly successful?: readonly boolean[];
  /** Handler times, if the function reports them. */
  readonly handlerSeconds?: readonly number[];
  /** Times that the function reports, by name, on average over the successful requests; only those that all have. */
  readonly reportedSeconds?: Readonly<Record<string, number>>;
  /** The size of each request, in the order of the round trips; NaN if it is not known. Absent: no sizes are known. */
  readonly sizes?: readonly number[];
  /** What each request sent, in the order of the round trips; absent: not known. */
  readonly kinds?: readonly (string | undefined)[];
  /** The measured time closest to each request's service time (ModelCell.size), in the same order; NaN if unknown. */
  readonly serviceSeconds?: readonly number[];
  /** Its repetition of the cell; absent: there is only one. */
  readonly repetition?: number;
  /** All its requests in the order of sending, also those outside the measured part; absent: starts are not known. */
  readonly trace?: readonly TracedRequest[];
  /** Index in `trace` of the first request of the round trips. */
  readonly measuredFrom?: number;
}

/** The summary figures that the model uses if a cell's requests are not available; most may be absent. */
export type SummarizedCell = Pick<
  CellSummary,
  "users" | "thinkTimeSeconds" | "requests" | "roundTripSeconds"
> &
  Partial<
    Pick<
      CellSummary,
      | "ratePerSecond"
      | "clients"
      | "successRate"
      | "roundTripInterval"
      | "runs"
      | "successfulRoundTripSeconds"
      | "handlerSeconds"
      | "outcomes"
      | "meanActiveUsers"
      | "functionCpu"
      | "times"
    >
  >;

/** What the size of a request means, and which measured time is closest to its service time. */
export interface RequestSize {
  /** As the experiment names it: `tokens`. */
  readonly name: string;
  readonly time: "handlerSeconds" | "mlSeconds" | "roundTripSeconds";
}

/** One measured condition. */
export interface ModelCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly clients: readonly ModelClient[];
  /** If the clients have sizes. */
  readonly size?: RequestSize;
  /** Mean number of active users, if it is known. */
  readonly meanActiveUsers?: number;
  /** The clients' own time limit, if it is known. */
  readonly timeoutSeconds?: number;
  /** Successful requests per second as measured; absent: not known. */
  readonly throughputPerSecond?: number;
  /** Only requests from the time in which all users were in the system are included, so there is no ramp-up. */
  readonly isSteady?: boolean;
  /** Requests that each user sent in a run, including those outside the steady part; absent: as many as are included. */
  readonly requestsPerUser?: number;
  /** Users that started per second, one after another; Infinity: all at once. Absent: not known. */
  readonly startRatePerSecond?: number;
  /** If think times are not constant: `exponential:1`, `uniform:1..3`, `idle:60/10`. */
  readonly thinkTime?: string;
  /** Processor time that the function took; absent: not known. */
  readonly functionCpu?: ProcessorNeed;
  /** Runs in which the host became faster or slower. */
  readonly changes?: readonly HostChange[];

  /** Used instead of clients if only the summary is available. */
  readonly summary?: SummarizedCell;
}

/** The figures of one condition that the model is fitted to. */
export interface Observation {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  /** Mean round trip without a limit: timed-out requests are treated as censored at the limit. */
  readonly uncutMeanSeconds: number;
  /** Standard deviation of the round trip without a limit. */
  readonly stdevSeconds: number;
  /** Standard error of the mean, as a share of the mean. */
  readonly relativeError: number;
  /** Over all sent requests, time-outs included (as published). */
  readonly meanRoundTripSeconds: number;
  /** Mean over clients of successful ÷ sent. */
  readonly successRate: number;
  /** The same two figures as the model has them: without requests that failed long before the limit. */
  readonly modelMeanSeconds: number;
  readonly modelSuccessRate: number;
  /** How its runs were made. */
  readonly plan: RunPlan;
  /** Number of runs: repetitions of the condition. */
  readonly runs: number;
  /** Users that were in the system together: all of them, or as many as on average if those are far fewer. */
  readonly activeUsers: number;
  /** Mean size of the requests that succeeded; absent if it is not known, or time-outs hide the size of some. */
  readonly meanUnits?: number;
  /** Share of the round trips' variance that a straight line over the sizes explains. */
  readonly explainedBySize?: number;
  /** Mean handler time: work on the host, so a lower bound of the demand. */
  readonly handlerSeconds?: number;
  /** Times that the function reports, by name, on average; absent: none that all requests have, or requests failed. */
  readonly reportedSeconds?: Readonly<Record<string, number>>;
  /** Processor time that the function took; absent: not known, or requests failed, which need less. */
  readonly functionCpu?: ProcessorNeed;
  /** As measured; absent: not known. */
  readonly throughputPerSecond?: number;
  /** All users were in the system all the time. */
  readonly isSteady?: boolean;
  readonly requests: number;
  readonly cutRequests: number;
  /** Requests that failed long before the limit, for a reason that the model does not cover. */
  readonly quickFailures?: number;
  /** Standard deviation of the repetitions' means, seconds; absent with one repetition. */
  readonly betweenRunsSeconds?: number;
}

/** A condition in which no request succeeded: it only shows that the load was too high. */
export interface FailedCell {
  readonly users: number;
  readonly thinkTimeSeconds: number;
  readonly requests: number;
  /** Mean time until its requests failed. */
  readonly meanRoundTripSeconds: number;
  /** As if all of them had timed out. */
  readonly asTimeouts: Observation;
}

/** Estimates the demand's coefficient of variation from the round trips with the fewest users. */
export function workVariation(observations: readonly Observation[]): number {
  const least = Math.min(...observations.map((seen) => seen.users));
  const lightest = observations.filter((seen) => seen.users === least);
  return average(lightest.map((seen) => seen.stdevSeconds / seen.uncutMeanSeconds));
}
