import type { ReportedSample } from "../core/sample.ts";
import type { RowBatch } from "./row-batch.ts";

/** Takes the samples that a reader finds. */
export interface SampleSink {
  take(sample: ReportedSample): void;
  /** If it is there, plain CSV rows and XML samples come here instead, without an object each: a quarter of the time. */
  count?(batch: RowBatch): void;
  /** Whether count() needs the messages of all rows, not only of failed ones and transactions. */
  needsMessages?: boolean;
  /** false: of response data, only clients' reports are used. */
  needsOutput?: boolean;
}
