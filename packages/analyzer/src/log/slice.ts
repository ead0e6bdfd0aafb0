import { LogHistogram } from "./log-histogram.ts";
import { MeanTime, type MeanTimeData } from "./mean-time.ts";

/** A slice as plain data, which can be sent to another thread. */
export interface SliceData {
  readonly count: number;
  readonly failed: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly activeThreads: number;
  readonly elapsed: MeanTimeData;
  readonly latency: MeanTimeData;
  readonly connect: MeanTimeData;
  readonly times: Uint32Array;
  readonly codes: readonly (number | undefined)[];
  readonly labels: readonly (MeanTimeData | undefined)[];
}

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
  /** How often each return code came, by its number; empty for those that did not. */
  readonly codes: (number | undefined)[] = [];
  /** Of each label, by its number; empty for those without a sample. */
  readonly labels: (MeanTime | undefined)[] = [];

  merge(other: Slice): void {
    this.#join(other);
    this.elapsed.merge(other.elapsed);
    this.latency.merge(other.latency);
    this.connect.merge(other.connect);
    this.times.merge(other.times);
    other.labels.forEach((time, label) => {
      if (time !== undefined) this.timeOf(label).merge(time);
    });
  }

  addCode(code: number, count: number): void {
    while (this.codes.length <= code) this.codes.push(undefined);
    this.codes[code] = count + (this.codes[code] ?? 0);
  }

  timeOf(label: number): MeanTime {
    while (this.labels.length <= label) this.labels.push(undefined);
    let time = this.labels[label];
    if (time === undefined) {
      time = new MeanTime();
      this.labels[label] = time;
    }
    return time;
  }

  seeThreads(activeThreads: number): void {
    if (!(this.activeThreads >= activeThreads) && !Number.isNaN(activeThreads))
      this.activeThreads = activeThreads;
  }

  toData(): SliceData {
    const { count, failed, receivedBytes, sentBytes, activeThreads, codes } = this;
    return {
      ...{ count, failed, receivedBytes, sentBytes, activeThreads, codes },
      ...{ elapsed: this.elapsed.toData(), latency: this.latency.toData(), connect: this.connect.toData() },
      times: this.times.toData(),
      labels: this.labels.map((time) => time?.toData()),
    };
  }

  /** @param numbers what the codes and labels have here */
  joinData(data: SliceData, numbers: SliceNumbers): void {
    this.#join(data, numbers);
    this.elapsed.joinData(data.elapsed);
    this.latency.joinData(data.latency);
    this.connect.joinData(data.connect);
    this.times.joinData(data.times);
    data.labels.forEach((time, label) => {
      if (time !== undefined) this.timeOf(numbers.labels[label] ?? 0).joinData(time);
    });
  }

  /** Adds what is the same in both forms. */
  #join(
    other: Pick<SliceData, "count" | "failed" | "receivedBytes" | "sentBytes" | "activeThreads" | "codes">,
    numbers?: SliceNumbers,
  ) {
    this.count += other.count;
    this.failed += other.failed;
    this.receivedBytes += other.receivedBytes;
    this.sentBytes += other.sentBytes;
    this.seeThreads(other.activeThreads);
    other.codes.forEach((count, code) => {
      if (count !== undefined) this.addCode(numbers === undefined ? code : (numbers.codes[code] ?? 0), count);
    });
  }
}

/** For each number of another series, the number here. */
export interface SliceNumbers {
  readonly codes: readonly number[];
  readonly labels: readonly number[];
}

/** A load as plain data, which can be sent to another thread. */
export interface ThreadLoadData {
  readonly elapsed: MeanTimeData;
  readonly times: Uint32Array;
}

/** The samples that ended while so many threads were active. */
export class ThreadLoad {
  readonly elapsed = new MeanTime();
  readonly times = new LogHistogram();

  merge(other: ThreadLoad): void {
    this.elapsed.merge(other.elapsed);
    this.times.merge(other.times);
  }

  toData(): ThreadLoadData {
    return { elapsed: this.elapsed.toData(), times: this.times.toData() };
  }

  joinData({ elapsed, times }: ThreadLoadData): void {
    this.elapsed.joinData(elapsed);
    this.times.joinData(times);
  }
}
