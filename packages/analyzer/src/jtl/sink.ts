import type { ReportedSample } from "../core/sample.ts";

/** Takes the samples that a reader finds. */
export interface SampleSink {
  take(sample: ReportedSample): void;
  /** Where it is there, plain CSV rows come here instead, without an object each: a third of the time. */
  count?(row: PlainRow): void;
  /** false: of response data, only clients' reports are used. */
  needsOutput?: boolean;
  /** Whether count() reads the last four fields of a row. */
  readonly needsDetails?: boolean;
}

/** A plain CSV row: one object for all rows, valid until the sink returns. */
export interface PlainRow {
  timeStampMs: number;
  elapsedMs: number;
  label: string;
  responseCode: string;
  threadName: string;
  /** Empty if the log does not name a host. */
  hostname: string;
  success: boolean;
  sizeBytes: number;
  /** Why it failed; empty if it succeeded. */
  message: string;
  isTransaction: boolean;
  /** NaN if the log does not tell or the sink needs no details, as the following. */
  sentBytes: number;
  latencyMs: number;
  connectMs: number;
  activeThreads: number;
}
