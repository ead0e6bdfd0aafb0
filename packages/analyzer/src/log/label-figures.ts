import type { Statistic } from "../stats/describe.ts";

/** Figures of samples at one number of threads: any JMeter's log; see docs/data-formats.md. */
export interface SampleFigures {
  /** Different threads in the log. */
  readonly threads: number;
  readonly samples: number;
  /** Recorded as failed, or a process that ended with another return code than 0. */
  readonly errors: number;
  readonly elapsedSeconds: Statistic;
  /** Largest relative error of the quantiles; absent if they are exact. */
  readonly quantileErrorRatio?: number;
  /** Samples per second, first start to last end; absent without times. */
  readonly throughputPerSecond?: number;
  readonly receivedBytesPerSecond?: number;
  /** How often each return code came. */
  readonly codes: Readonly<Record<string, number>>;
}

/** Figures of one label. */
export interface LabelSummary extends SampleFigures {
  readonly label: string;
  /** Its samples are a transaction controller's: their times span those of other samples, so totals leave them out. */
  readonly isTransaction?: true;
}

/** Figures of one label that only a report shows; NaN: the log does not tell. */
export interface LabelDetails {
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  /** Mean from a sample's start to its first byte or, without one, to its end: JMeter gives a time-out a latency of 0. */
  readonly waitedSeconds: number;
  /** Mean; part of the time waited. */
  readonly connectSeconds: number;
}
