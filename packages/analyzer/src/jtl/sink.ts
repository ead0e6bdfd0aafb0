import type { ReportedSample } from "../core/sample.ts";

/** Takes the samples that a reader finds. */
export interface SampleSink {
  take(sample: ReportedSample): void;
  /**
   * Where it is there, plain CSV rows come here instead, without an object each: a third of the time.
   * `hostname` is empty if the log does not name a host, `message` if the sample succeeded.
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
    message: string,
    isTransaction: boolean,
  ): void;
}
