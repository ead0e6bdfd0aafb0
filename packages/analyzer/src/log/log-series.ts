import { AdaptiveGroups } from "./adaptive-groups.ts";
import { LogHistogram } from "./log-histogram.ts";
import { MeanTime } from "./mean-time.ts";

/** What a series takes of a sample; NaN: the log does not tell. */
export interface SeriesSample {
  /** Start, milliseconds. */
  readonly timeStampMs: number;
  readonly elapsedMs: number;
  readonly label: string;
  readonly responseCode: string;
  readonly success: boolean;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly latencyMs: number;
  readonly connectMs: number;
  /** Of all groups, when the sample ended. */
  readonly activeThreads: number;
}

/** Slices of time, and numbers of threads, that are kept at most: finer than a figure shows. */
const MAX_SLICES = 600;
const MAX_LOADS = 200;
const FIRST_SLICE_MS = 1000;
/** Names that each slice tells apart. */
const MAX_CODES = 20;
const MAX_LABELS = 50;
export const OTHER_NAMES = "other";

/** The samples that ended in one slice of time. */
export class Slice {
  count = 0;
  failed = 0;
  receivedBytes = 0;
  sentBytes = 0;
  /** The most that were active; NaN: not known. */
  activeThreads = Number.NaN;
  readonly elapsed = new MeanTime();
  readonly latency = new MeanTime();
  readonly connect = new MeanTime();
  readonly times = new LogHistogram();
  readonly codes = new Map<string, number>();
  readonly labels = new Map<string, MeanTime>();

  merge(other: Slice): void {
    this.count += other.count;
    this.failed += other.failed;
    this.receivedBytes += other.receivedBytes;
    this.sentBytes += other.sentBytes;
    this.activeThreads = larger(this.activeThreads, other.activeThreads);
    this.elapsed.merge(other.elapsed);
    this.latency.merge(other.latency);
    this.connect.merge(other.connect);
    this.times.merge(other.times);
    for (const [code, count] of other.codes) this.codes.set(code, count + (this.codes.get(code) ?? 0));
    for (const [label, time] of other.labels) timeOf(this.labels, label).merge(time);
  }
}

/** The samples that ended while so many threads were active. */
export class ThreadLoad {
  readonly elapsed = new MeanTime();
  readonly times = new LogHistogram();

  merge(other: ThreadLoad): void {
    this.elapsed.merge(other.elapsed);
    this.times.merge(other.times);
  }
}

const larger = (a: number, b: number) => (a >= b || Number.isNaN(b) ? a : b);

function timeOf(times: Map<string, MeanTime>, name: string): MeanTime {
  let time = times.get(name);
  if (time === undefined) {
    time = new MeanTime();
    times.set(name, time);
  }
  return time;
}

/** How a log's samples lie in time and over active threads, in flat memory: some 4 MB, whatever their number. */
export class LogSeries {
  /** By the end of a sample, milliseconds. */
  readonly slices = new AdaptiveGroups(FIRST_SLICE_MS, MAX_SLICES, () => new Slice());
  /** By active threads. */
  readonly loads = new AdaptiveGroups(1, MAX_LOADS, () => new ThreadLoad());
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  readonly #codes = new Set<string>();
  readonly #labels = new Set<string>();

  /** Samples without a time are left out. @param count how many samples it stands for */
  add(sample: SeriesSample, count: number): void {
    const { timeStampMs, elapsedMs, success, activeThreads } = sample;
    if (activeThreads > 0) {
      const load = this.loads.at(activeThreads);
      load.elapsed.add(elapsedMs, count);
      load.times.add(elapsedMs, count);
    }
    if (Number.isNaN(timeStampMs)) return;
    const endMs = timeStampMs + elapsedMs;
    if (timeStampMs < this.#firstMs) this.#firstMs = timeStampMs;
    if (endMs > this.#lastMs) this.#lastMs = endMs;
    const slice = this.slices.at(endMs);
    slice.count += count;
    if (!success) slice.failed += count;
    slice.receivedBytes += sample.sizeBytes;
    if (sample.sentBytes > 0) slice.sentBytes += sample.sentBytes;
    slice.activeThreads = larger(slice.activeThreads, activeThreads);
    slice.elapsed.add(elapsedMs, count);
    slice.latency.add(sample.latencyMs, count);
    slice.connect.add(sample.connectMs, count);
    slice.times.add(elapsedMs, count);
    const code = nameIn(this.#codes, sample.responseCode, MAX_CODES);
    slice.codes.set(code, count + (slice.codes.get(code) ?? 0));
    timeOf(slice.labels, nameIn(this.#labels, sample.label, MAX_LABELS)).add(elapsedMs, count);
  }

  /** How much of a slice lies between the first start and the last end, ms. */
  coveredMs(fromMs: number, widthMs: number): number {
    return Math.min(fromMs + widthMs, this.#lastMs) - Math.max(fromMs, this.#firstMs);
  }

  merge(other: LogSeries): void {
    this.#firstMs = Math.min(this.#firstMs, other.#firstMs);
    this.#lastMs = Math.max(this.#lastMs, other.#lastMs);
    this.slices.merge(other.slices);
    this.loads.merge(other.loads);
  }
}

/** The name itself, or of too many `other`. */
function nameIn(known: Set<string>, name: string, most: number): string {
  if (known.has(name)) return name;
  if (known.size >= most) return OTHER_NAMES;
  known.add(name);
  return name;
}
