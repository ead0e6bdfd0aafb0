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
  readonly sentBytes?: number;
  /** From the start to the first byte of the response, connecting included. */
  readonly latencyMs?: number;
  readonly connectMs?: number;
  /** Threads of all groups that were active when it ended. */
  readonly activeThreads?: number;
  /** Number of samples that it stands for, with their mean time: JMeter's statistical sample sender. */
  readonly summedSamples?: number;
  /** How many of `summedSamples` failed; absent: all of them or none, as `success` says. */
  readonly summedErrors?: number;
  /** Why an assertion failed. */
  readonly failureMessage?: string;
  /** Only in XML with response data saved. */
  readonly responseData?: string;
  /** Only in XML: the parts of a redirect, an embedded resource or a transaction; their time is within this one's. */
  readonly subSamples?: readonly Sample[];
}

/** How many of the samples that it stands for failed. */
function failedOf({ success, summedSamples = 1, summedErrors }: Sample): number {
  if (summedSamples > 1 && summedErrors !== undefined) return summedErrors;
  return success ? 0 : summedSamples;
}

/** Stands for the message of samples that failed within a row of several: the row shows neither code nor message. */
export const SUMMED_FAILURE = "within rows that stand for several samples";

/** The samples with one outcome that a row stands for. */
export interface SamplePart {
  readonly success: boolean;
  readonly count: number;
  readonly sizeBytes: number;
  /** Why they failed, as far as the log shows it; empty if they succeeded or the log does not. */
  readonly message: string;
}

/** A row as its successful samples and its failed ones; if there are both, the former have all the bytes. */
export function partsOf(sample: Sample): readonly SamplePart[] {
  const { summedSamples = 1, summedErrors, sizeBytes, failureMessage, responseMessage } = sample;
  const failed = failedOf(sample);
  const succeeded = summedSamples - failed;
  const good: SamplePart = { success: true, count: succeeded, sizeBytes, message: "" };
  if (failed === 0) return [good];
  const message = summedErrors === undefined ? failureMessage || responseMessage : SUMMED_FAILURE;
  const bad: SamplePart = {
    success: false,
    count: failed,
    sizeBytes: succeeded > 0 ? 0 : sizeBytes,
    message,
  };
  return succeeded > 0 ? [good, bad] : [bad];
}

/** Whether a return code is one of success: 0, HTTP's 2xx and 3xx, or no code at all. */
export const isGoodCode = (code: string): boolean => /^(|0|[23]\d\d)$/.test(code);

/** How JMeter begins the message of a transaction controller's sample, in every language. */
export const TRANSACTION_MESSAGE = "Number of samples in transaction : ";

/** Whether a sample is a transaction controller's: its time spans those of other samples. */
export const isTransaction = ({ responseMessage }: Pick<Sample, "responseMessage">): boolean =>
  responseMessage.startsWith(TRANSACTION_MESSAGE);

/** A sample of a reader with `responseData: "reports"`: a whole report is read already, its text left out. */
export interface ReportedSample extends Sample {
  readonly report?: ClientReport;
}

/**
 * What JMeter may put before the thread group's name: an IPv4 address or one of IPv6 (in brackets or without), each
 * with or without its port, or a host's name with its port. A name alone could as well begin the thread group's.
 */
const WORKER_PREFIX =
  /^(\d+\.\d+\.\d+\.\d+(?::\d+)?|\[[\da-f:.]+(?:%\w+)?\](?::\d+)?|(?=[\da-f]*:[\da-f]*:)[\da-f:]+(?:%\w+)?|[a-z\d][\w.-]*:\d+)-/i;

/** The worker that a thread's name tells: `10.0.0.1-Thread Group 1-3`, `worker-1:8001-Users 1-2`. */
export function workerOf({
  threadName,
  hostname,
}: Pick<Sample, "threadName" | "hostname">): string | undefined {
  return WORKER_PREFIX.exec(threadName)?.[1] ?? hostname;
}
