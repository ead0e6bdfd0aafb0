import { CountedValues } from "../columns/counted-values.ts";
import type { Statistic } from "../stats/describe.ts";

/** Figures of one label at one number of threads: any JMeter's log; see docs/data-formats.md. */
export interface LabelSummary {
  readonly label: string;
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

interface Code {
  count: number;
  failed: number;
}

/** Codes that HTTP has, or what JMeter writes for a request without a response; 101 opens a WebSocket. */
const isHttpCode = (code: string) =>
  /^(101|20[0-8]|226|30[0-8]|4[0-4]\d|451|499|5[0-2]\d|Non HTTP .*)$/s.test(code);

const MAX_CODES = 1000;
const OTHER = "other";

/** Sums up the samples of one label in one log, later of several. */
export class LabelValues {
  readonly label: string;
  readonly #elapsedMs = new CountedValues();
  readonly #codes = new Map<string, Code>();
  #sizeBytes = 0;
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  /** Seconds of the logs that were merged into this one. */
  #otherSeconds = 0;
  #lastCode = "";
  #lastEntry: Code | undefined;

  constructor(label: string) {
    this.label = label;
  }

  /** One sample's; apart, so that a million rows need no object each. */
  add(
    timeStampMs: number | undefined,
    elapsedMs: number,
    responseCode: string,
    success: boolean,
    sizeBytes: number,
  ): void {
    this.#elapsedMs.add(elapsedMs);
    this.#sizeBytes += sizeBytes;
    if (timeStampMs !== undefined) {
      if (timeStampMs < this.#firstMs) this.#firstMs = timeStampMs;
      if (timeStampMs + elapsedMs > this.#lastMs) this.#lastMs = timeStampMs + elapsedMs;
    }
    if (this.#lastEntry === undefined || responseCode !== this.#lastCode) {
      this.#lastEntry = this.#code(responseCode);
      this.#lastCode = responseCode;
    }
    this.#lastEntry.count++;
    if (!success) this.#lastEntry.failed++;
  }

  /** Another log of the same load: its time is added, not what lies between. */
  merge(other: LabelValues): void {
    this.#elapsedMs.merge(other.#elapsedMs);
    this.#sizeBytes += other.#sizeBytes;
    this.#otherSeconds += other.#seconds;
    for (const [code, { count, failed }] of other.#codes) {
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

  /** @param threads of the log */
  summarize(threads: number): LabelSummary {
    const { isProcess } = this;
    let errors = 0;
    for (const [code, { count, failed }] of this.#codes)
      errors += isProcess && code !== "0" && /^\d+$/.test(code) ? count : failed;
    const seconds = this.#seconds;
    const samples = this.#elapsedMs.count;
    const { quantileErrorRatio } = this.#elapsedMs;
    const codes = [...this.#codes].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      label: this.label,
      threads,
      samples,
      errors,
      elapsedSeconds: this.#elapsedMs.describe(1000),
      ...(quantileErrorRatio !== undefined && { quantileErrorRatio }),
      ...(seconds > 0 && {
        throughputPerSecond: samples / seconds,
        receivedBytesPerSecond: this.#sizeBytes / seconds,
      }),
      codes: Object.fromEntries(codes.map(([code, { count }]) => [code, count])),
    };
  }

  get #seconds(): number {
    return this.#otherSeconds + Math.max(0, (this.#lastMs - this.#firstMs) / 1000 || 0);
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
