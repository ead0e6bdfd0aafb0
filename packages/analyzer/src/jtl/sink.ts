import type { ReportedSample } from "../core/sample.ts";

/** Where a reader puts what it reads. */
export interface SampleSink {
  take(sample: ReportedSample): void;
  /**
   * Where it is there, plain CSV rows come here instead, without an object each: a third of the time.
   * `hostname` is empty where there is none.
   */
  count?(
    timeStampMs: number,
    elapsedMs: number,
    label: string,
    responseCode: string,
    threadName: string,
    hostname: string,
    success: boolean,
    sizeBytes: number,
  ): void;
}
