import { isEpochMs } from "../core/epoch.ts";
import { AdaptiveGroups, type GroupsData } from "./adaptive-groups.ts";
import { NameNumbers } from "./name-numbers.ts";
import { type SliceNumbers, ThreadLoad, type ThreadLoadData } from "./slice.ts";
import { Timeline, type TimelineData } from "./timeline.ts";

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

/** Numbers of threads that are kept at most: more than a figure shows. */
const MAX_LOADS = 200;
/** Names that each slice tells apart. */
const MAX_CODES = 20;
const MAX_LABELS = 50;

/** A series as plain data, which can be sent to another thread. */
export interface SeriesData {
  readonly moments: TimelineData;
  readonly other: TimelineData;
  readonly loads: GroupsData<ThreadLoadData>;
  /** By the numbers that the slices have. */
  readonly codes: readonly string[];
  readonly labels: readonly string[];
}

/** How a log's samples lie in time and over active threads, in flat memory: some 4 MB, whatever their number. */
export class LogSeries {
  /** By active threads. */
  readonly loads = new AdaptiveGroups(1, MAX_LOADS, () => new ThreadLoad());
  /** Times of these years, and all others: one sample of 1970 must not stretch the axis. */
  readonly #moments = new Timeline();
  readonly #other = new Timeline();
  #isOfMoments: boolean | undefined;
  readonly #codes = new NameNumbers(MAX_CODES);
  readonly #labels = new NameNumbers(MAX_LABELS);

  /** By the end of a sample, milliseconds. */
  get slices(): Timeline["slices"] {
    return this.#used.slices;
  }

  /** Return codes, by the numbers that the slices have. */
  get codes(): readonly string[] {
    return this.#codes.names;
  }

  /** Labels, by the numbers that the slices have. */
  get labels(): readonly string[] {
    return this.#labels.names;
  }

  get #used(): Timeline {
    return (this.#isOfMoments ?? this.#moments.slices.size > 0) ? this.#moments : this.#other;
  }

  /** Leaves out the times of the other kind. @param areMoments until this call: if there are any moments */
  useTimes(areMoments: boolean): void {
    this.#isOfMoments = areMoments;
  }

  /** Samples without a time are left out. @param count how many samples it stands for */
  add(sample: SeriesSample, count: number): void {
    const { timeStampMs, elapsedMs, success, activeThreads } = sample;
    if (activeThreads > 0) {
      const load = this.loads.at(activeThreads);
      load.elapsed.add(elapsedMs, count);
      load.times.add(elapsedMs, count);
    }
    if (Number.isNaN(timeStampMs)) return;
    const slice = (isEpochMs(timeStampMs) ? this.#moments : this.#other).at(timeStampMs, elapsedMs);
    slice.count += count;
    if (!success) slice.failed += count;
    slice.receivedBytes += sample.sizeBytes;
    if (sample.sentBytes > 0) slice.sentBytes += sample.sentBytes;
    slice.seeThreads(activeThreads);
    slice.elapsed.add(elapsedMs, count);
    slice.latency.add(sample.latencyMs, count);
    slice.connect.add(sample.connectMs, count);
    slice.times.add(elapsedMs, count);
    slice.addCode(this.#codes.of(sample.responseCode), count);
    slice.timeOf(this.#labels.of(sample.label)).add(elapsedMs, count);
  }

  /** How much of a slice lies between the first start and the last end, ms. */
  coveredMs(fromMs: number, widthMs: number): number {
    const { firstMs, lastMs } = this.#used;
    return Math.min(fromMs + widthMs, lastMs) - Math.max(fromMs, firstMs);
  }

  /** @returns undefined: there are too many codes or labels to keep all of them apart */
  toData(): SeriesData | undefined {
    if (this.#codes.isFull || this.#labels.isFull) return undefined;
    return {
      ...{ moments: this.#moments.toData(), other: this.#other.toData() },
      loads: this.loads.toData((load) => load.toData()),
      ...{ codes: this.codes, labels: this.labels },
    };
  }

  /** Adds the samples that come next, as if each had been added here. */
  joinData({ moments, other, loads, codes, labels }: SeriesData): void {
    const numbers = this.#numbersOf(codes, labels);
    this.#moments.joinData(moments, numbers);
    this.#other.joinData(other, numbers);
    this.loads.joinData(loads, (load, data) => load.joinData(data));
  }

  merge(other: LogSeries): void {
    const times = other.#used;
    const mine = times === other.#moments ? this.#moments : this.#other;
    mine.joinData(times.toData(), this.#numbersOf(other.codes, other.labels));
    this.loads.merge(other.loads);
  }

  /** The numbers that another series' names have here. Those that came first in the log keep one of their own. */
  #numbersOf(codes: readonly string[], labels: readonly string[]): SliceNumbers {
    return {
      codes: codes.map((code) => this.#codes.of(code)),
      labels: labels.map((label) => this.#labels.of(label)),
    };
  }
}
