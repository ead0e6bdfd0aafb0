/** A mean as plain data, which can be sent to another thread. */
export interface MeanTimeData {
  readonly count: number;
  readonly sumMs: number;
}

/** A mean of times that are known of some samples. */
export class MeanTime {
  #count = 0;
  #sumMs = 0;

  get count(): number {
    return this.#count;
  }

  /** @param ms NaN: not known */
  add(ms: number, times = 1): void {
    if (Number.isNaN(ms)) return;
    this.#count += times;
    this.#sumMs += times * ms;
  }

  merge(other: MeanTime): void {
    this.joinData(other.toData());
  }

  toData(): MeanTimeData {
    return { count: this.#count, sumMs: this.#sumMs };
  }

  joinData({ count, sumMs }: MeanTimeData): void {
    this.#count += count;
    this.#sumMs += sumMs;
  }

  /** Seconds; NaN without values. */
  get seconds(): number {
    return this.#sumMs / this.#count / 1000;
  }
}
