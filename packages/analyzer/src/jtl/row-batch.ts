import type { Sample } from "../core/sample.ts";

/** Plain CSV rows or XML samples in columns, valid until the sink returns. */
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
  /** The next two are read of failed rows, of transactions, and of others if the sink needs them. */
  readonly responseMessage: Int32Array;
  readonly failureMessage: Int32Array;
}

/** The same rows, to be kept. */
export function copyBatch(batch: RowBatch): RowBatch {
  const { rows, texts } = batch;
  const numbers = (column: Int32Array) => column.slice(0, rows);
  return {
    ...{ rows, texts },
    timeStampMs: batch.timeStampMs.slice(0, rows),
    elapsedMs: numbers(batch.elapsedMs),
    sizeBytes: numbers(batch.sizeBytes),
    sentBytes: numbers(batch.sentBytes),
    latencyMs: numbers(batch.latencyMs),
    connectMs: numbers(batch.connectMs),
    activeThreads: numbers(batch.activeThreads),
    success: batch.success.slice(0, rows),
    label: numbers(batch.label),
    responseCode: numbers(batch.responseCode),
    threadName: numbers(batch.threadName),
    hostname: numbers(batch.hostname),
    responseMessage: numbers(batch.responseMessage),
    failureMessage: numbers(batch.failureMessage),
  };
}

/** One of the rows; all messages must have been read. */
export function sampleAt(batch: RowBatch, row: number): Sample {
  const text = (column: Int32Array) => batch.texts[column[row] as number] as string;
  const known = (name: "sentBytes" | "latencyMs" | "connectMs" | "activeThreads") => {
    const value = batch[name][row] as number;
    return value < 0 ? undefined : { [name]: value };
  };
  const hostname = text(batch.hostname);
  const failureMessage = text(batch.failureMessage);
  return {
    timeStampMs: batch.timeStampMs[row] as number,
    elapsedMs: batch.elapsedMs[row] as number,
    label: text(batch.label),
    responseCode: text(batch.responseCode),
    responseMessage: text(batch.responseMessage),
    threadName: text(batch.threadName),
    success: batch.success[row] === 1,
    sizeBytes: Math.max(0, batch.sizeBytes[row] as number),
    ...(hostname && { hostname }),
    ...(failureMessage && { failureMessage }),
    ...known("sentBytes"),
    ...known("latencyMs"),
    ...known("connectMs"),
    ...known("activeThreads"),
  };
}
