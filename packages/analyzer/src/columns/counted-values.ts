import { createRequire } from "node:module";
import type { Histogram } from "hdr-histogram-js";
import type { Statistic } from "../stats/describe.ts";
import { type QuantileKind, quantilePlace } from "../stats/quantile-kind.ts";

/** Whole numbers below this are counted in a table, one entry each. */
const TABLE = 1 << 16;
/** Up to here values are kept as they are; a table costs more. */
const FEW = 1 << 12;
/** Beyond so many values that no table holds, quantiles come from a histogram. */
const EXACT = 10_000_000;
const HISTOGRAM_DIGITS = 3;

/**
 * Describes any number of values in flat memory. Whole numbers below 65 536, so nearly all times in milliseconds,
 * are counted one by one, and every figure is exact; others are kept, up to 10 million, and exact as well. Beyond,
 * quantiles come from an HdrHistogram with three digits (0.1 %); count, mean, spread and extremes stay exact.
 */
export class CountedValues {
  #kept = new Float64Array(16);
  #keptCount = 0;
  #table: Float64Array | undefined;
  #histogram: Histogram | undefined;
  #count = 0;
  /** Of the distances from #origin, the first value: sums of squares of large numbers lose digits. */
  #sum = 0;
  #squares = 0;
  #origin = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  get count(): number {
    return this.#count;
  }

  /** The histogram's relative error; undefined if quantiles are exact. */
  get quantileErrorRatio(): number | undefined {
    return this.#histogram === undefined ? undefined : 10 ** -HISTOGRAM_DIGITS;
  }

  /** @param value not negative @param times how often it came */
  add(value: number, times = 1): void {
    if (this.#count === 0) this.#origin = value;
    this.#count += times;
    const distance = value - this.#origin;
    this.#sum += times * distance;
    this.#squares += times * distance * distance;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    this.#place(value, times);
  }

  /** Adds another one's values, as if each had been added here. */
  merge(other: CountedValues): void {
    if (other.#count === 0) return;
    if (this.#count === 0) this.#origin = other.#origin;
    const shift = other.#origin - this.#origin;
    this.#squares += other.#squares + 2 * shift * other.#sum + other.#count * shift * shift;
    this.#sum += other.#sum + other.#count * shift;
    this.#count += other.#count;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
    if (other.#histogram !== undefined) {
      this.#toHistogram();
      this.#histogram?.add(other.#histogram);
    } else other.#each((value, times) => this.#place(value, times));
  }

  /** @param unit what a value is divided by @param kind how quantiles are estimated */
  describe(unit: number, kind: QuantileKind = "type7"): Statistic {
    const n = this.#count;
    if (n === 0) return { count: 0 };
    const [median, p90, p95, p99] = this.#quantiles([0.5, 0.9, 0.95, 0.99], kind).map(
      (value) => value / unit,
    );
    const squares = Math.max(0, this.#squares - (this.#sum * this.#sum) / n);
    return {
      count: n,
      mean: (this.#origin + this.#sum / n) / unit,
      median: median as number,
      min: this.#min / unit,
      max: this.#max / unit,
      ...(n > 1 && { stdev: Math.sqrt(squares / (n - 1)) / unit }),
      p90: p90 as number,
      p95: p95 as number,
      p99: p99 as number,
    };
  }

  #place(value: number, times: number): void {
    if (times > FEW && this.#table === undefined && this.#histogram === undefined) this.#toTable();
    // First what nearly all values are.
    const table = this.#table;
    if (table !== undefined && value < TABLE && Number.isInteger(value)) {
      table[value] = (table[value] as number) + times;
      return;
    }
    if (this.#keptCount + times > EXACT) this.#toHistogram();
    if (this.#histogram !== undefined) this.#histogram.recordValueWithCount(Math.round(value), times);
    else for (let i = 0; i < times; i++) this.#keep(value);
  }

  #keep(value: number): void {
    if (this.#keptCount === this.#kept.length) {
      const larger = new Float64Array(this.#kept.length * 2);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#keptCount++] = value;
    if (this.#table === undefined && this.#keptCount === FEW) this.#toTable();
  }

  #toTable(): void {
    const values = this.#kept.slice(0, this.#keptCount);
    this.#table = new Float64Array(TABLE);
    this.#keptCount = 0;
    for (const value of values) this.#place(value, 1);
  }

  #toHistogram(): void {
    if (this.#histogram !== undefined) return;
    // Loaded only here: hardly anybody has so many values.
    const { build } = createRequire(import.meta.url)("hdr-histogram-js") as typeof import("hdr-histogram-js");
    const histogram = build({
      bitBucketSize: 64,
      autoResize: true,
      numberOfSignificantValueDigits: HISTOGRAM_DIGITS,
    });
    this.#each((value, times) => histogram.recordValueWithCount(Math.round(value), times));
    this.#histogram = histogram;
    this.#kept = new Float64Array(0);
    this.#keptCount = 0;
    this.#table = undefined;
  }

  /** Every value with how often it came, ascending; not from the histogram. */
  #each(visit: (value: number, times: number) => void): void {
    const kept = this.#kept.slice(0, this.#keptCount).sort();
    let next = 0;
    const table = this.#table ?? new Float64Array(0);
    for (let value = 0; value < table.length; value++) {
      const times = table[value] as number;
      if (times === 0) continue;
      while (next < kept.length && (kept[next] as number) < value) visit(kept[next++] as number, 1);
      visit(value, times);
    }
    while (next < kept.length) visit(kept[next++] as number, 1);
  }

  /** For ascending `ps`; from the histogram the values of the nearest ranks, whatever the kind. */
  #quantiles(ps: readonly number[], kind: QuantileKind): readonly number[] {
    const histogram = this.#histogram;
    if (histogram !== undefined) return ps.map((p) => histogram.getValueAtPercentile(p * 100));
    const places = ps.map((p) => quantilePlace(this.#count, p, kind));
    const ranks = places.flatMap((at) => [Math.floor(at), Math.ceil(at)]).sort((a, b) => a - b);
    const found = new Map<number, number>();
    let next = 0;
    let seen = 0;
    this.#each((value, times) => {
      seen += times;
      for (; next < ranks.length && (ranks[next] as number) < seen; next++)
        found.set(ranks[next] as number, value);
    });
    return places.map((at) => {
      const low = found.get(Math.floor(at)) as number;
      const high = found.get(Math.ceil(at)) as number;
      return low + (at - Math.floor(at)) * (high - low);
    });
  }
}
