/** A mean of times that are known of some samples. */
export class MeanTime {
  count = 0;
  #sumMs = 0;

  /** @param ms NaN: not known */
  add(ms: number, times = 1): void {
    if (Number.isNaN(ms)) return;
    this.count += times;
    this.#sumMs += times * ms;
  }

  merge(other: MeanTime): void {
    this.count += other.count;
    this.#sumMs += other.#sumMs;
  }

  /** Seconds; NaN without values. */
  get seconds(): number {
    return this.#sumMs / this.count / 1000;
  }
}
