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
  readonly codes: ReadonlyMap<string, number>;
  readonly labels: ReadonlyMap<string, MeanTimeData>;
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
  readonly codes = new Map<string, number>();
  readonly labels = new Map<string, MeanTime>();

  merge(other: Slice): void {
    this.#join(other);
    this.elapsed.merge(other.elapsed);
    this.latency.merge(other.latency);
    this.connect.merge(other.connect);
    this.times.merge(other.times);
    for (const [label, time] of other.labels) this.timeOf(label).merge(time);
  }

  addCode(code: string, count: number): void {
    this.codes.set(code, count + (this.codes.get(code) ?? 0));
  }

  timeOf(label: string): MeanTime {
    let time = this.labels.get(label);
    if (time === undefined) {
      time = new MeanTime();
      this.labels.set(label, time);
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
      labels: new Map([...this.labels].map(([label, time]) => [label, time.toData()])),
    };
  }

  /** @param nameOf what codes and labels are called here, if too many are known to keep all apart */
  joinData(data: SliceData, nameOf: SliceNames = SAME): void {
    this.#join(data, nameOf);
    this.elapsed.joinData(data.elapsed);
    this.latency.joinData(data.latency);
    this.connect.joinData(data.connect);
    this.times.joinData(data.times);
    for (const [label, time] of data.labels) this.timeOf(nameOf.label(label)).joinData(time);
  }

  /** Adds what is the same in both forms. */
  #join(
    other: Pick<SliceData, "count" | "failed" | "receivedBytes" | "sentBytes" | "activeThreads" | "codes">,
    nameOf = SAME,
  ) {
    this.count += other.count;
    this.failed += other.failed;
    this.receivedBytes += other.receivedBytes;
    this.sentBytes += other.sentBytes;
    this.seeThreads(other.activeThreads);
    for (const [code, count] of other.codes) this.addCode(nameOf.code(code), count);
  }
}

export interface SliceNames {
  readonly code: (code: string) => string;
  readonly label: (label: string) => string;
}
const SAME: SliceNames = { code: (code) => code, label: (label) => label };

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
