/** A time range as plain data, which can be sent to another thread. */
export interface TimeRangeData {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

/** From the first start to the last end of some samples. */
export class TimeRange {
  #firstMs = Number.POSITIVE_INFINITY;
  #lastMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** Samples in it. */
  get count(): number {
    return this.#count;
  }

  /** ms; undefined if it has no samples. */
  get firstMs(): number | undefined {
    return this.#count === 0 ? undefined : this.#firstMs;
  }

  /** ms; undefined if it has no samples. */
  get lastMs(): number | undefined {
    return this.#count === 0 ? undefined : this.#lastMs;
  }

  get seconds(): number {
    return this.#count === 0 ? 0 : Math.max(0, (this.#lastMs - this.#firstMs) / 1000);
  }

  add(startMs: number, elapsedMs: number, count: number): void {
    this.#count += count;
    if (startMs < this.#firstMs) this.#firstMs = startMs;
    if (startMs + elapsedMs > this.#lastMs) this.#lastMs = startMs + elapsedMs;
  }

  toData(): TimeRangeData {
    return { firstMs: this.#firstMs, lastMs: this.#lastMs, count: this.#count };
  }

  static fromData({ firstMs, lastMs, count }: TimeRangeData): TimeRange {
    const made = new TimeRange();
    made.#firstMs = firstMs;
    made.#lastMs = lastMs;
    made.#count = count;
    return made;
  }

  merge(other: TimeRange): void {
    this.#count += other.#count;
    this.#firstMs = Math.min(this.#firstMs, other.#firstMs);
    this.#lastMs = Math.max(this.#lastMs, other.#lastMs);
  }
}
