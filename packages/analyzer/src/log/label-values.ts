import { type CountedData, CountedValues } from "../columns/counted-values.ts";
import { isEpochMs } from "../core/epoch.ts";
import type { Statistic } from "../stats/describe.ts";
import type { QuantileKind } from "../stats/quantile-kind.ts";
import { type ApdexLimits, apdexScore } from "./apdex.ts";
import { type CountedError, ErrorCounts, type LabelErrors } from "./error-types.ts";
import { MeanTime, type MeanTimeData } from "./mean-time.ts";
import { TimeRange, type TimeRangeData } from "./time-range.ts";

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

interface Code {
  count: number;
  failed: number;
}

/** Codes that HTTP has, or what JMeter writes for a request without a response; 101 opens a WebSocket. */
const isHttpCode = (code: string) =>
  /^(101|20[0-8]|226|30[0-8]|4[0-4]\d|451|499|5[0-2]\d|Non HTTP .*)$/s.test(code);

/** A process that failed, whatever JMeter recorded. */
const isFailedProcess = (code: string) => code !== "0" && /^\d+$/.test(code);

/** One label's samples as plain data, which can be sent to another thread. */
export interface LabelData {
  readonly label: string;
  readonly isTransaction: boolean;
  readonly elapsedMs: CountedData;
  readonly failedMs: CountedData;
  readonly codes: ReadonlyMap<string, Readonly<Code>>;
  readonly failures: readonly Readonly<CountedError>[];
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly latency: MeanTimeData;
  readonly waited: MeanTimeData;
  readonly connect: MeanTimeData;
  readonly epochRange: TimeRangeData;
  readonly otherRange: TimeRangeData;
}

const MAX_CODES = 1000;
const OTHER = "other";

/** Sums up the samples of one label in one log, later of several. */
export class LabelValues {
  readonly label: string;
  readonly isTransaction: boolean;
  readonly #elapsedMs = new CountedValues();
  /** Of the samples that JMeter recorded as failed. */
  readonly #failedMs = new CountedValues();
  readonly #codes = new Map<string, Code>();
  readonly #failures = new ErrorCounts();
  readonly #latency = new MeanTime();
  readonly #waited = new MeanTime();
  readonly #connect = new MeanTime();
  #sizeBytes = 0;
  #sentBytes = 0;
  /** Of samples with times of these decades, and of those with other times, such as a clock that began at 0. */
  readonly #epochRange = new TimeRange();
  readonly #otherRange = new TimeRange();
  /** Absent: most of its own samples decide. */
  #isEpoch: boolean | undefined;
  /** Seconds of the logs that were merged into this one. */
  #otherSeconds = 0;
  /** Their samples with times. */
  #otherTimed = 0;
  #lastCode = "";
  #lastEntry: Code | undefined;

  constructor(label: string, isTransaction = false) {
    this.label = label;
    this.isTransaction = isTransaction;
  }

  /**
   * One sample's; apart, so that a million rows need no object each.
   * @param message why it failed, if it did
   * @param count how many samples it stands for, with their mean time
   */
  add(
    timeStampMs: number | undefined,
    elapsedMs: number,
    responseCode: string,
    success: boolean,
    sizeBytes: number,
    message = "",
    count = 1,
  ): void {
    this.#elapsedMs.add(elapsedMs, count);
    this.#sizeBytes += sizeBytes;
    if (timeStampMs !== undefined) {
      const range = isEpochMs(timeStampMs) ? this.#epochRange : this.#otherRange;
      range.add(timeStampMs, elapsedMs, count);
    }
    if (this.#lastEntry === undefined || responseCode !== this.#lastCode) {
      this.#lastEntry = this.#code(responseCode);
      this.#lastCode = responseCode;
    }
    this.#lastEntry.count += count;
    if (success) return;
    this.#failedMs.add(elapsedMs, count);
    this.#lastEntry.failed += count;
    this.#failures.add(responseCode, message, count);
  }

  /** What only some logs have of a sample; NaN: not known. */
  addDetails(elapsedMs: number, sentBytes: number, latencyMs: number, connectMs: number, count = 1): void {
    if (sentBytes > 0) this.#sentBytes += sentBytes;
    this.#latency.add(latencyMs, count);
    this.#waited.add(latencyMs === 0 ? elapsedMs : latencyMs, count);
    this.#connect.add(connectMs, count);
  }

  /** Another log of the same load: its time is added, not what lies between. */
  merge(other: LabelValues): void {
    this.#mergeSamples(other);
    this.#otherSeconds += other.#seconds;
    this.#otherTimed += other.#timed;
  }

  /** Other samples of the same log. */
  join(other: LabelValues): void {
    this.#mergeSamples(other);
    this.#isEpoch = other.#isEpoch;
    this.#epochRange.merge(other.#epochRange);
    this.#otherRange.merge(other.#otherRange);
  }

  /** @returns undefined: there are too many values, codes or types of errors to keep all of them apart */
  toData(): LabelData | undefined {
    const elapsedMs = this.#elapsedMs.toData();
    const failedMs = this.#failedMs.toData();
    if (elapsedMs === undefined || failedMs === undefined) return undefined;
    if (this.#codes.size >= MAX_CODES || this.#failures.isFull) return undefined;
    return {
      ...{ label: this.label, isTransaction: this.isTransaction, elapsedMs, failedMs, codes: this.#codes },
      ...{ failures: [...this.#failures], sizeBytes: this.#sizeBytes, sentBytes: this.#sentBytes },
      ...{ latency: this.#latency.toData(), waited: this.#waited.toData(), connect: this.#connect.toData() },
      epochRange: this.#epochRange.toData(),
      otherRange: this.#otherRange.toData(),
    };
  }

  /** Other samples of the same log and label. */
  joinData(data: LabelData): void {
    const { elapsedMs, failedMs, codes, failures, epochRange, otherRange } = data;
    this.#elapsedMs.merge(CountedValues.fromData(elapsedMs));
    this.#failedMs.merge(CountedValues.fromData(failedMs));
    this.#mergeCodes(codes);
    this.#failures.merge(failures);
    this.#sizeBytes += data.sizeBytes;
    this.#sentBytes += data.sentBytes;
    this.#latency.joinData(data.latency);
    this.#waited.joinData(data.waited);
    this.#connect.joinData(data.connect);
    this.#epochRange.merge(TimeRange.fromData(epochRange));
    this.#otherRange.merge(TimeRange.fromData(otherRange));
  }

  /** How many samples have a time of these decades, and how many another one. */
  get times(): { readonly epoch: number; readonly other: number; readonly firstOtherMs: number | undefined } {
    return {
      epoch: this.#epochRange.count,
      other: this.#otherRange.count,
      firstOtherMs: this.#otherRange.firstMs,
    };
  }

  /** Which times count: those that most samples of the log have. */
  useTimes(isEpoch: boolean): void {
    this.#isEpoch = isEpoch;
  }

  /** The time of its samples in this log. */
  get range(): TimeRange {
    const isEpoch = this.#isEpoch ?? this.#epochRange.count >= this.#otherRange.count;
    return isEpoch ? this.#epochRange : this.#otherRange;
  }

  #mergeSamples(other: LabelValues): void {
    this.#elapsedMs.merge(other.#elapsedMs);
    this.#sizeBytes += other.#sizeBytes;
    this.#sentBytes += other.#sentBytes;
    this.#failedMs.merge(other.#failedMs);
    this.#latency.merge(other.#latency);
    this.#waited.merge(other.#waited);
    this.#connect.merge(other.#connect);
    this.#failures.merge(other.#failures);
    this.#mergeCodes(other.#codes);
  }

  #mergeCodes(codes: ReadonlyMap<string, Readonly<Code>>): void {
    for (const [code, { count, failed }] of codes) {
      const mine = this.#code(code);
      mine.count += count;
      mine.failed += failed;
    }
  }

  /**
   * Whether its samples are processes: most of their return codes are such as HTTP does not have. Then a return
   * code other than 0 is a failure whatever `success` says.
   */
  get isProcess(): boolean {
    let processes = 0;
    let requests = 0;
    for (const [code, { count }] of this.#codes) {
      if (isHttpCode(code)) requests += count;
      else if (/^\d+$/.test(code)) processes += count;
    }
    return processes > requests;
  }

  /** Whether all its samples are requests, by their codes. */
  get isRequest(): boolean {
    return [...this.#codes.keys()].every(isHttpCode);
  }

  /** Its errors by code and message. */
  get errors(): LabelErrors {
    const { label, isProcess } = this;
    if (!isProcess) return { label, isProcess, errors: this.#failures };
    const codes = [...this.#codes].map(([code, { count, failed }]) => ({
      ...{ code, message: "" },
      count: isFailedProcess(code) ? count : failed,
    }));
    return { label, isProcess, errors: codes.filter(({ count }) => count > 0) };
  }

  get errorCount(): number {
    let count = 0;
    for (const one of this.errors.errors) count += one.count;
    return count;
  }

  /** @param threads of the log @param kind how quantiles are estimated */
  summarize(threads: number, kind?: QuantileKind): LabelSummary {
    const figures = this.figures(threads, kind);
    return { label: this.label, ...(this.isTransaction && { isTransaction: true }), ...figures };
  }

  /** The same without its label. @param errors those of the labels that were joined */
  figures(threads: number, kind?: QuantileKind, errors = this.errorCount): SampleFigures {
    const seconds = this.#seconds;
    const samples = this.#elapsedMs.count;
    const { quantileErrorRatio } = this.#elapsedMs;
    const codes = [...this.#codes].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      threads,
      samples,
      errors,
      elapsedSeconds: this.#elapsedMs.describe(1000, kind),
      ...(quantileErrorRatio !== undefined && { quantileErrorRatio }),
      ...(seconds > 0 && {
        throughputPerSecond: this.#timed / seconds,
        receivedBytesPerSecond: (this.#sizeBytes * (this.#timed / samples)) / seconds,
      }),
      codes: Object.fromEntries(codes.map(([code, { count }]) => [code, count])),
    };
  }

  get sampleCount(): number {
    return this.#elapsedMs.count;
  }

  /** The figures that only a report shows. */
  get details(): LabelDetails {
    const seconds = this.#seconds;
    const rate = (bytes: number) => (seconds > 0 ? bytes / seconds : Number.NaN);
    return {
      receivedBytesPerSecond: rate(this.#sizeBytes),
      sentBytesPerSecond: rate(this.#sentBytes),
      waitedSeconds: this.#latency.seconds > 0 ? this.#waited.seconds : Number.NaN,
      connectSeconds: this.#connect.seconds,
    };
  }

  /** 0..1; NaN for processes, because JMeter takes any that ended for a success. */
  apdex(limits: ApdexLimits): number {
    return this.isProcess ? Number.NaN : apdexScore(this.#elapsedMs, this.#failedMs, limits);
  }

  /** Quantiles of its times in seconds, for ascending `ps`. */
  quantiles(ps: readonly number[], kind?: QuantileKind): readonly number[] {
    return this.#elapsedMs.quantiles(ps, kind).map((ms) => ms / 1000);
  }

  /** The same of its successful samples; of all if none succeeded. */
  successfulQuantiles(ps: readonly number[]): readonly number[] {
    const successful = this.#elapsedMs.without(this.#failedMs);
    return (successful.count === 0 ? this.#elapsedMs : successful).quantiles(ps).map((ms) => ms / 1000);
  }

  /** How many of its times lie in each of so many parts of equal width, from 0 to a longest time in seconds. */
  histogram(parts: number, longestSeconds: number): readonly number[] {
    return this.#elapsedMs.histogram(parts, 1000 * longestSeconds);
  }

  get #seconds(): number {
    return this.#otherSeconds + this.range.seconds;
  }

  get #timed(): number {
    return this.#otherTimed + this.range.count;
  }

  #code(code: string): Code {
    const name = this.#codes.has(code) || this.#codes.size < MAX_CODES ? code : OTHER;
    let entry = this.#codes.get(name);
    if (entry === undefined) {
      entry = { count: 0, failed: 0 };
      this.#codes.set(name, entry);
    }
    return entry;
  }
}
