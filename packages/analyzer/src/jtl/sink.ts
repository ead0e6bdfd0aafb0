import type { ReportedSample } from "../core/sample.ts";

/** Takes the samples that a reader finds. */
export interface SampleSink {
  take(sample: ReportedSample): void;
  /** If it is there, plain CSV rows come here instead, without an object each: a quarter of the time. */
  count?(batch: RowBatch): void;
  /** false: of response data, only clients' reports are used. */
  needsOutput?: boolean;
}

/** Plain CSV rows in columns, valid until the sink returns. */
export interface RowBatch {
  /** How many there are; the columns may be longer. */
  readonly rows: number;
  /** By the indexes in the columns of texts; the first one is empty. Another array: the indexes mean other texts. */
  readonly texts: readonly string[];
  readonly timeStampMs: Float64Array;
  /** Whole numbers. */
  readonly elapsedMs: Int32Array;
  /** -1: the log does not tell, as the following. */
  readonly sizeBytes: Int32Array;
  readonly sentBytes: Int32Array;
  readonly latencyMs: Int32Array;
  readonly connectMs: Int32Array;
  readonly activeThreads: Int32Array;
  /** 1: successful. */
  readonly success: Uint8Array;
  /** Index of a text, as the following. */
  readonly label: Int32Array;
  readonly responseCode: Int32Array;
  readonly threadName: Int32Array;
  /** Empty if the log does not name a host. */
  readonly hostname: Int32Array;
  /** The next two are read of failed rows, and of transactions. */
  readonly responseMessage: Int32Array;
  readonly failureMessage: Int32Array;
}
