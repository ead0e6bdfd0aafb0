import { type CountedData, CountedValues } from "../columns/counted-values.ts";
import { isEpochMs } from "../core/epoch.ts";
import type { QuantileKind } from "../stats/quantile-kind.ts";
import { type ApdexLimits, apdexScore } from "./apdex.ts";
import { type CodeCount, CodeCounts } from "./code-counts.ts";
import { type CountedError, ErrorCounts, type LabelErrors } from "./error-types.ts";
import type { LabelDetails, LabelSummary, SampleFigures } from "./label-figures.ts";
import { MeanTime, type MeanTimeData } from "./mean-time.ts";
import { TimeRange, type TimeRangeData } from "./time-range.ts";

/** One label's samples as plain data, which can be sent to another thread. */
export interface LabelData {
  readonly label: string;
  readonly isTransaction: boolean;
  readonly elapsedMs: CountedData;
  readonly failedMs: CountedData;
  readonly codes: ReadonlyMap<string, CodeCount>;
  readonly failures: readonly Readonly<CountedError>[];
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly latency: MeanTimeData;
  readonly waited: MeanTimeData;
  readonly connect: MeanTimeData;
  readonly epochRange: TimeRangeData;
  readonly otherRange: TimeRangeData;
}

/** Sums up the samples of one label in one log, later of several. */
export class LabelValues {
  readonly label: string;
  readonly isTransaction: boolean;
  readonly #elapsedMs = new CountedValues();
  /** Of the samples that JMeter recorded as failed. */
  readonly #failedMs = new CountedValues();
  readonly #codes = new CodeCounts();
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
    this.#codes.add(responseCode, count, success ? 0 : count);
    if (success) return;
    this.#failedMs.add(elapsedMs, count);
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
    if (this.#codes.isFull || this.#failures.isFull) return undefined;
    return {
      ...{
        label: this.label,
        isTransaction: this.isTransaction,
        elapsedMs,
        failedMs,
        codes: new Map(this.#codes),
      },
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
    this.#codes.merge(codes);
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
    this.#codes.merge(other.#codes);
  }

  /**
   * Whether its samples are processes: most of their return codes are such as HTTP does not have. Then a return
   * code other than 0 is a failure whatever `success` says.
   */
  get isProcess(): boolean {
    return this.#codes.areProcesses;
  }

  /** Whether all its samples are requests, by their codes. */
  get isRequest(): boolean {
    return this.#codes.areRequests;
  }

  /** Its errors by code and message. */
  get errors(): LabelErrors {
    const { label, isProcess } = this;
    if (!isProcess) return { label, isProcess, errors: this.#failures };
    return { label, isProcess, errors: this.#codes.failedProcesses.map((one) => ({ ...one, message: "" })) };
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
      codes: this.#codes.byCode,
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
}
