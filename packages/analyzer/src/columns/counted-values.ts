import type { Statistic } from "../stats/describe.ts";
import { type QuantileKind, quantilePlace } from "../stats/quantile-kind.ts";
import { HistogramValues, type Moments } from "./histogram-values.ts";

/** Whole numbers below this are counted in a table, one entry each. */
const TABLE = 1 << 16;
const FIRST_TABLE = 1 << 10;
/** Up to here values are kept as they are; a table costs more. */
const FEW = 1 << 10;
/** Beyond so many values that no table holds, quantiles come from a histogram. */
const EXACT = 10_000_000;
/** Equal shares of its values as which a histogram is read. */
const STEPS = 1000;

/** Counted values as plain data, which can be sent to another thread. */
export interface CountedData {
  readonly count: number;
  readonly kept: Float64Array<ArrayBuffer>;
  readonly table?: Float64Array<ArrayBuffer>;
}

/**
 * Describes any number of values in flat memory. Whole numbers below 65 536, so nearly all times in milliseconds,
 * are counted one by one, and every figure is exact; others are kept, up to 10 million, and exact as well. Beyond,
 * quantiles come from an HdrHistogram with three digits (0.1 %); count, mean, spread and extremes stay exact.
 * Without a histogram, the order in which values come or are merged makes no difference to any digit.
 */
export class CountedValues {
  #kept = new Float64Array(16);
  #keptCount = 0;
  /** How often each whole number came, up to the largest one or a little more. */
  #table: Float64Array<ArrayBuffer> | undefined;
  #histogram: HistogramValues | undefined;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** The histogram's relative error; undefined if quantiles are exact. */
  get quantileErrorRatio(): number | undefined {
    return this.#histogram === undefined ? undefined : HistogramValues.errorRatio;
  }

  /** @param value not negative @param times how often it came */
  add(value: number, times = 1): void {
    this.#count += times;
    const table = this.#table;
    // What nearly all values are.
    if (table !== undefined && value < table.length && Number.isInteger(value))
      table[value] = (table[value] as number) + times;
    else this.#place(value, times);
  }

  /** Adds another one's values, as if each had been added here. */
  merge(other: CountedValues): void {
    const histogram = other.#histogram;
    if (histogram !== undefined) {
      this.#count += other.#count;
      this.#toHistogram().merge(histogram);
    } else if (other.#table !== undefined && this.#histogram === undefined) {
      this.#addTable(other.#table);
      for (let index = 0; index < other.#keptCount; index++) this.#place(other.#kept[index] as number, 1);
      this.#count += other.#count;
    } else other.#each((value, times) => this.add(value, times));
  }

  /** @returns undefined: there are too many values for it */
  toData(): CountedData | undefined {
    if (this.#histogram !== undefined) return undefined;
    return {
      count: this.#count,
      kept: this.#kept.slice(0, this.#keptCount),
      ...(this.#table !== undefined && { table: this.#table }),
    };
  }

  static fromData({ count, kept, table }: CountedData): CountedValues {
    const made = new CountedValues();
    made.#count = count;
    made.#kept = kept;
    made.#keptCount = kept.length;
    made.#table = table;
    return made;
  }

  /** What is left without another one's values, which are among these. */
  without(other: CountedValues): CountedValues {
    const removed = new Map<number, number>();
    other.#visit((value, times) => removed.set(value, (removed.get(value) ?? 0) + times));
    const left = new CountedValues();
    this.#visit((value, times) => {
      const own = removed.get(value) ?? 0;
      removed.set(value, Math.max(0, own - times));
      if (times > own) left.add(value, times - own);
    });
    return left;
  }

  /** @param unit what a value is divided by @param kind how quantiles are estimated */
  describe(unit: number, kind: QuantileKind = "type7"): Statistic {
    const n = this.#count;
    if (n === 0) return { count: 0 };
    const [median, p90, p95, p99] = this.#quantiles([0.5, 0.9, 0.95, 0.99], kind).map(
      (value) => value / unit,
    );
    const { mean, squares, min, max } = this.#histogram?.moments ?? this.#moments();
    return {
      count: n,
      mean: mean / unit,
      median: median as number,
      min: min / unit,
      max: max / unit,
      ...(n > 1 && { stdev: Math.sqrt(squares / (n - 1)) / unit }),
      p90: p90 as number,
      p95: p95 as number,
      p99: p99 as number,
    };
  }

  /** Quantiles for ascending `ps`, as describe() has them; empty without values. */
  quantiles(ps: readonly number[], kind: QuantileKind = "type7"): readonly number[] {
    return this.#count === 0 ? [] : this.#quantiles(ps, kind);
  }

  /** How many values lie in each of so many parts of equal width, from 0 to `longest`; longer ones are left out. */
  histogram(parts: number, longest: number): readonly number[] {
    const counts = new Array<number>(parts).fill(0);
    this.#visit((value, times) => {
      if (value > longest) return;
      const part = Math.min(parts - 1, Math.floor((value / longest) * parts));
      counts[part] = (counts[part] as number) + times;
    });
    return counts;
  }

  /** How many values do not exceed a limit. */
  countUpTo(limit: number): number {
    let count = 0;
    this.#visit((value, times) => {
      if (value <= limit) count += times;
    });
    return count;
  }

  #moments(): Moments {
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    this.#each((value, times) => {
      min = Math.min(min, value);
      max = value;
      // Distances from the least: sums of large numbers lose digits.
      sum += times * (value - min);
    });
    const mean = min + sum / this.#count;
    let squares = 0;
    this.#each((value, times) => {
      squares += times * (value - mean) ** 2;
    });
    return { mean, squares, min, max };
  }

  #place(value: number, times: number): void {
    if (times > FEW && this.#table === undefined && this.#histogram === undefined) this.#toTable();
    if (this.#table !== undefined && value < TABLE && Number.isInteger(value)) {
      const table = this.#tableFor(value, this.#table);
      table[value] = (table[value] as number) + times;
      return;
    }
    if (this.#histogram !== undefined || this.#keptCount + times > EXACT)
      this.#toHistogram().add(value, times);
    else if (times === 1) this.#keep(value);
    else for (let i = 0; i < times; i++) this.#place(value, 1); // the table may begin in between
  }

  /** Adds what another table counts: entry by entry takes a quarter of the time of value by value. */
  #addTable(counts: Float64Array): void {
    if (this.#table === undefined) this.#toTable();
    const table = this.#tableFor(counts.length - 1, this.#table as Float64Array);
    for (let value = 0; value < counts.length; value++)
      table[value] = (table[value] as number) + (counts[value] as number);
  }

  /** The table, made longer if it ends before a value. */
  #tableFor(value: number, table: Float64Array): Float64Array {
    if (value < table.length) return table;
    let { length } = table;
    while (length <= value) length *= 2;
    this.#table = new Float64Array(length);
    this.#table.set(table);
    return this.#table;
  }

  #keep(value: number): void {
    if (this.#keptCount === this.#kept.length) {
      const larger = new Float64Array(Math.max(16, this.#kept.length * 2));
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#keptCount++] = value;
    if (this.#table === undefined && this.#keptCount === FEW) this.#toTable();
  }

  #toTable(): void {
    const values = this.#kept.slice(0, this.#keptCount);
    this.#table = new Float64Array(FIRST_TABLE);
    this.#keptCount = 0;
    for (const value of values) this.#place(value, 1);
  }

  #toHistogram(): HistogramValues {
    if (this.#histogram !== undefined) return this.#histogram;
    const histogram = new HistogramValues();
    this.#each((value, times) => histogram.add(value, times));
    this.#histogram = histogram;
    this.#kept = new Float64Array(0);
    this.#keptCount = 0;
    this.#table = undefined;
    return histogram;
  }

  /** Every value with how often it came; of a histogram, equal shares of all values. */
  #visit(visit: (value: number, times: number) => void): void {
    const histogram = this.#histogram;
    if (histogram === undefined) this.#each(visit);
    else
      for (let step = 0; step < STEPS; step++)
        visit(histogram.quantile((step + 0.5) / STEPS), this.#count / STEPS);
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
    if (histogram !== undefined) return ps.map((p) => histogram.quantile(p));
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
