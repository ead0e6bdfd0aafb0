import { createRequire } from "node:module";
import type { Histogram } from "hdr-histogram-js";

/** Mean, sum of the squared distances from it, and extremes. */
export interface Moments {
  readonly mean: number;
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

const DIGITS = 3;

/** Any number of values as an HdrHistogram with three digits; their mean and spread are of the values themselves. */
export class HistogramValues {
  /** Largest relative error of a quantile. */
  static readonly errorRatio = 10 ** -DIGITS;
  readonly #histogram: Histogram;
  #count = 0;
  /** Of the distances from #origin, the first value: sums of squares of large numbers lose digits. */
  #sum = 0;
  #squares = 0;
  #origin = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor() {
    // Loaded only here: hardly anybody has so many values.
    const { build } = createRequire(import.meta.url)("hdr-histogram-js") as typeof import("hdr-histogram-js");
    this.#histogram = build({ bitBucketSize: 64, autoResize: true, numberOfSignificantValueDigits: DIGITS });
  }

  add(value: number, times: number): void {
    if (this.#count === 0) this.#origin = value;
    const distance = value - this.#origin;
    this.#count += times;
    this.#sum += times * distance;
    this.#squares += times * distance * distance;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
    this.#histogram.recordValueWithCount(Math.round(value), times);
  }

  merge(other: HistogramValues): void {
    if (this.#count === 0) this.#origin = other.#origin;
    const shift = other.#origin - this.#origin;
    this.#squares += other.#squares + 2 * shift * other.#sum + other.#count * shift * shift;
    this.#sum += other.#sum + other.#count * shift;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    this.#histogram.add(other.#histogram);
  }

  get moments(): Moments {
    return {
      ...{ min: this.#min, max: this.#max },
      mean: this.#origin + this.#sum / this.#count,
      squares: Math.max(0, this.#squares - (this.#sum * this.#sum) / this.#count),
    };
  }

  /** The value of the nearest rank. @param p 0 to 1 */
  quantile(p: number): number {
    return this.#histogram.getValueAtPercentile(p * 100);
  }
}
