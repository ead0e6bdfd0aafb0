import type { Condition } from "../core/condition.ts";
import type { Rejection } from "../core/rejection.ts";
import type { RunPart } from "../rows/selection.ts";
import type { Statistic } from "../stats/describe.ts";
import type { ScopedInterval } from "../stats/figure-with-scope.ts";
import type { Interval } from "../stats/interval.ts";
import type { Scope } from "../stats/scope.ts";
import type { FunctionCpu } from "./function-cpu.ts";
import type { InteractiveLaw } from "./interactive-law.ts";
import type { TimeParts } from "./parts.ts";
import type { RunSummary } from "./run-summary.ts";
import type { Steadiness } from "./steadiness.ts";

/** Quantiles that have intervals. */
export const INTERVAL_QUANTILES = { median: 0.5, p95: 0.95, p99: 0.99 } as const;
export type IntervalQuantile = keyof typeof INTERVAL_QUANTILES;

/** An interval, and what it speaks about. */
export interface ScopedRange extends Interval {
  readonly scope: Scope;
}

/** Figures of the whole run beside those of its steady part. */
export interface WholeRun {
  readonly requests: { readonly sent: number; readonly successful: number; readonly failed: number };
  readonly successRate: { readonly meanOverClients?: number; readonly overRequests?: number };
  /** Over every sent request, failed ones included, as published. */
  readonly roundTripSeconds: Statistic;
  readonly throughputPerSecond?: number;
  readonly meanActiveUsers?: number;
}

/**
 * Figures of one condition (users × think time), repetitions together; see docs/data-formats.md. Unless a field says
 * otherwise they are of the part of the runs that `part` names.
 */
export interface CellSummary extends Condition {
  /** `steady`: all users were in the system together, see steadyParts(); `whole`: from start to end. */
  readonly part: RunPart;
  /** Absent if `part` is `whole`. */
  readonly wholeRun?: WholeRun;
  readonly clients: number;
  readonly crashedClients: number;
  readonly requests: { readonly sent: number; readonly successful: number; readonly failed: number };
  /** Ratios 0..1; absent if no request was sent. */
  readonly successRate: {
    readonly meanOverClients?: number;
    readonly overRequests?: number;
    /** 95% of overRequests, see proportionInterval(). */
    readonly interval?: ScopedRange;
  };
  /** Over every sent request, failed ones included, as published. */
  readonly roundTripSeconds: Statistic;
  /** 95% of the mean round trip; absent if the runs show too little, see figureWithScope(). */
  readonly roundTripInterval?: ScopedInterval;
  /** 95% of quantiles of the round trip, see quantileWithScope(); those that enough requests show. */
  readonly quantileIntervals: Readonly<Partial<Record<IntervalQuantile, ScopedInterval>>>;
  /** Each repetition by itself, in order. */
  readonly runs: readonly RunSummary[];
  /** Over successful requests only; absent if it is not known which those are. */
  readonly successfulRoundTripSeconds?: Statistic;
  readonly handlerSeconds: Statistic;
  readonly mlSeconds: Statistic;
  /** Other times of successful requests, by the names of the experiment; absent without such times. */
  readonly times?: Readonly<Record<string, Statistic>>;
  /** What successful requests produced, for example tokens. */
  readonly units?: Units;
  /** Streams: from the request's start to the first event, over successful requests. */
  readonly firstEventSeconds?: Statistic;
  /** Streams: each successful request's longest time from an event to the next one. */
  readonly longestGapSeconds?: Statistic;
  /** Streams: (last event − first event) ÷ (units − 1), over successful requests. */
  readonly secondsPerUnit?: Statistic;
  /** Successful requests per second; absent without the requests' times. */
  readonly throughputPerSecond?: number;
  /** 95% of it: over runs from three on, of one run over slices of its time; absent if that shows too little. */
  readonly throughputInterval?: ScopedRange;
  /** Users in the system, waiting or thinking, on average over the measured part: active-users.ts. */
  readonly meanActiveUsers?: number;
  /** Why every request failed, if all failed for one reason that no load explains: rejection.ts. */
  readonly rejection?: Rejection;
  /**
   * Why the load generators may have been at their limit, in words: the function may serve more than was measured.
   * Absent if nothing of the kind was seen: saturation.ts.
   */
  readonly generatorSaturated?: readonly string[];
  /** The function's processor time in the whole runs; absent: not measured. */
  readonly functionCpu?: FunctionCpu;
  /** Absent without the requests' times and in open loops. */
  readonly interactiveLaw?: InteractiveLaw;
  readonly steadiness?: Steadiness;
  /** How the round trip splits; absent for reports of the older text form. */
  readonly parts?: TimeParts;
  /** How long delayed acknowledgements hold most small responses back, median; absent if they do not. */
  readonly delayedAcknowledgementSeconds?: number;
  /** Requests by outcome; absent for reports of the older text form. */
  readonly outcomes?: Readonly<Record<string, number>>;
  /** Successful responses of the whole run that came from a new process (cold starts). */
  readonly coldStarts?: number;
  /** Faces per successful request, if the responses say. */
  readonly faces?: Statistic;
}

/** What requests produced. */
export interface Units {
  /** As the experiment names them, `tokens`; `units` without a name. */
  readonly name: string;
  readonly total: number;
  /** Over the same time as the throughput; absent without it. */
  readonly perSecond?: number;
  readonly perRequest: Statistic;
}
