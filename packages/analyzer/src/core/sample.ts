import type { ClientReport } from "@slbench/client/report";

/** One row of a JMeter log: one top-level `<sample>` or `<httpSample>`, or one CSV line. */
export interface Sample {
  /** Start, milliseconds since the epoch; absent if the log has no such column. */
  readonly timeStampMs?: number;
  readonly elapsedMs: number;
  readonly label: string;
  readonly responseCode: string;
  readonly responseMessage: string;
  readonly threadName: string;
  readonly success: boolean;
  readonly sizeBytes: number;
  readonly hostname?: string;
  /** Number of samples that it stands for, with their mean time: JMeter's statistical sample sender. */
  readonly summedSamples?: number;
  /** Why an assertion failed. */
  readonly failureMessage?: string;
  /** Only in XML with response data saved. */
  readonly responseData?: string;
  /** Only in XML: the parts of a redirect, an embedded resource or a transaction; their time is within this one's. */
  readonly subSamples?: readonly Sample[];
}

/** A sample of a reader with `responseData: "reports"`: a whole report is read already, its text left out. */
export interface ReportedSample extends Sample {
  readonly report?: ClientReport;
}

/** JMeter puts the worker's address before the thread group's name: `10.0.0.1-Thread Group 1-3`. */
export function workerOf({
  threadName,
  hostname,
}: Pick<Sample, "threadName" | "hostname">): string | undefined {
  return /^(\d+\.\d+\.\d+\.\d+(?::\d+)?)-/.exec(threadName)?.[1] ?? hostname;
}
