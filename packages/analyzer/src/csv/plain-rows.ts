import { TRANSACTION_MESSAGE } from "../core/sample.ts";
import type { LogContext } from "../jtl/log-context.ts";
import type { PlainRow, SampleSink } from "../jtl/sink.ts";
import { END_OF_TIME_MS } from "../jtl/time-stamps.ts";
import { type TimeUnit, toMilliseconds } from "../jtl/time-unit.ts";
import type { ColumnIndexes } from "./column-indexes.ts";
import { Interner } from "./intern.ts";
import type { RowBounds } from "./row-bounds.ts";

/** Reads rows as JMeter writes them from their bytes: numbers digit by digit, each different text decoded once. */
export class PlainRows {
  readonly #sink: SampleSink;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #unit: TimeUnit;
  readonly #areNumbers: boolean;
  readonly #texts;
  readonly #row: PlainRow = {
    ...{ timeStampMs: 0, elapsedMs: 0, sizeBytes: 0, success: true, isTransaction: false },
    ...{ label: "", responseCode: "", threadName: "", hostname: "", message: "" },
    ...{ sentBytes: Number.NaN, latencyMs: Number.NaN, connectMs: Number.NaN, activeThreads: Number.NaN },
  };

  /** @param bounds those of the row to be read next */
  constructor({ sink, times, texts }: LogContext, bounds: RowBounds) {
    this.#sink = sink;
    this.#unit = times.unit;
    this.#areNumbers = times.areNumbers;
    const interner = () => new Interner(texts);
    this.#texts = {
      label: interner(),
      code: interner(),
      message: interner(),
      thread: interner(),
      failure: interner(),
      host: interner(),
    };
    this.#from = bounds.from;
    this.#to = bounds.to;
  }

  /** @returns whether the row was as JMeter writes them; if not, nothing happened */
  take(bytes: Uint8Array, indexes: ColumnIndexes): boolean {
    if (indexes.timeStamp < 0 || indexes.success < 0 || !this.#areNumbers) return false;
    if (indexes.sampleCount >= 0 && this.#number(bytes, indexes.sampleCount) !== 1) return false;
    const timeStampMs = toMilliseconds(this.#number(bytes, indexes.timeStamp, MAX_TIME_DIGITS), this.#unit);
    const elapsedMs = this.#number(bytes, indexes.elapsed);
    const sizeBytes = indexes.bytes < 0 ? 0 : this.#number(bytes, indexes.bytes);
    const success = truth(bytes, this.#from[indexes.success] as number, this.#to[indexes.success] as number);
    if (timeStampMs < 0 || timeStampMs >= END_OF_TIME_MS || elapsedMs < 0 || success < 0 || sizeBytes < 0)
      return false;
    const texts = this.#texts;
    const label = this.#text(bytes, texts.label, indexes.label);
    const responseCode = this.#text(bytes, texts.code, indexes.responseCode);
    const threadName = this.#text(bytes, texts.thread, indexes.threadName);
    const hostname = this.#text(bytes, texts.host, indexes.hostname);
    const sink = this.#sink;
    if (sink.count !== undefined) {
      const row = this.#row;
      row.timeStampMs = timeStampMs;
      row.elapsedMs = elapsedMs;
      row.label = label;
      row.responseCode = responseCode;
      row.threadName = threadName;
      row.hostname = hostname;
      row.success = success === 1;
      row.sizeBytes = sizeBytes;
      row.message = row.success ? "" : this.#failure(bytes, indexes);
      row.isTransaction = this.#isTransaction(bytes, indexes.responseMessage);
      if (sink.needsDetails === true) this.#readDetails(bytes, indexes);
      sink.count(row);
      return true;
    }
    const failureMessage = this.#text(bytes, texts.failure, indexes.failureMessage);
    const responseMessage = this.#text(bytes, texts.message, indexes.responseMessage);
    sink.take({
      timeStampMs,
      elapsedMs,
      label,
      responseCode,
      responseMessage,
      threadName,
      success: success === 1,
      sizeBytes,
      ...(hostname && { hostname }),
      ...(failureMessage && { failureMessage }),
      ...this.#details(bytes, indexes),
    });
    return true;
  }

  #readDetails(bytes: Uint8Array, indexes: ColumnIndexes): void {
    const row = this.#row;
    row.sentBytes = known(this.#number(bytes, indexes.sentBytes));
    row.latencyMs = known(this.#number(bytes, indexes.latency));
    row.connectMs = known(this.#number(bytes, indexes.connect));
    row.activeThreads = known(this.#number(bytes, indexes.allThreads));
  }

  #details(bytes: Uint8Array, indexes: ColumnIndexes) {
    const sentBytes = this.#number(bytes, indexes.sentBytes);
    const latencyMs = this.#number(bytes, indexes.latency);
    const connectMs = this.#number(bytes, indexes.connect);
    const activeThreads = this.#number(bytes, indexes.allThreads);
    return {
      ...(sentBytes >= 0 && { sentBytes }),
      ...(latencyMs >= 0 && { latencyMs }),
      ...(connectMs >= 0 && { connectMs }),
      ...(activeThreads >= 0 && { activeThreads }),
    };
  }

  #failure(bytes: Uint8Array, indexes: ColumnIndexes): string {
    const { failure, message } = this.#texts;
    return (
      this.#text(bytes, failure, indexes.failureMessage) ||
      this.#text(bytes, message, indexes.responseMessage)
    );
  }

  #isTransaction(bytes: Uint8Array, field: number): boolean {
    if (field < 0) return false;
    const from = this.#from[field] as number;
    // The first letter decides nearly always.
    if (bytes[from] !== TRANSACTION[0] || (this.#to[field] as number) - from < TRANSACTION.length)
      return false;
    return TRANSACTION.every((byte, index) => bytes[from + index] === byte);
  }

  #text(bytes: Uint8Array, known: Interner, field: number): string {
    if (field < 0) return "";
    const from = this.#from[field] as number;
    const to = this.#to[field] as number;
    return from === to ? "" : known.text(bytes, from, to);
  }

  /** -1: the column is not there, or holds something else. */
  #number(bytes: Uint8Array, field: number, maxDigits = MAX_DIGITS): number {
    if (field < 0) return -1;
    return wholeNumber(bytes, this.#from[field] as number, this.#to[field] as number, maxDigits);
  }
}

const TRANSACTION = new TextEncoder().encode(TRANSACTION_MESSAGE);
const MAX_DIGITS = 15;
/** Nanoseconds since 1970: not exact beyond 15 digits, but to far less than a millisecond. */
const MAX_TIME_DIGITS = 19;

const known = (value: number) => (value < 0 ? Number.NaN : value);

/** -1: something else, or too many digits. */
function wholeNumber(bytes: Uint8Array, from: number, to: number, maxDigits: number): number {
  if (to <= from || to - from > maxDigits) return -1;
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = (bytes[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** 1: `true`, 0: `false`, -1: something else. */
function truth(bytes: Uint8Array, from: number, to: number): number {
  const word = to - from === 4 ? "true" : "false";
  if (to - from !== word.length) return -1;
  for (let i = 0; i < word.length; i++) if (bytes[from + i] !== word.charCodeAt(i)) return -1;
  return word === "true" ? 1 : 0;
}
