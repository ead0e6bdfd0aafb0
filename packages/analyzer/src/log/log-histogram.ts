import type { Interval } from "../stats/interval.ts";

/** Each step is 2% wider than the one before, so a value is known to 1%. */
const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);
/** Up to 2^31 ms, 25 days. */
const STEPS = 2 + Math.ceil(Math.log(2 ** 31) / LOG_GROWTH);

/** Two-sided, in standard deviations. */
const NORMAL_95 = 1.96;

function stepOf(value: number): number {
  // Below 1 ms JMeter tells nothing.
  return value < 1 ? 0 : Math.min(STEPS - 1, 1 + Math.round(Math.log(value) / LOG_GROWTH));
}

/** Whole numbers below this, nearly all times, are looked up: a logarithm takes longer. */
const KNOWN = 1 << 14;
const KNOWN_STEPS = Uint16Array.from({ length: KNOWN }, (_, value) => stepOf(value));

/**
 * Counts times on a logarithmic scale, in 4 kB whatever their number: for quantiles of the many short parts of a log's
 * time, to 1%. Whole logs have exact quantiles, see CountedValues.
 */
export class LogHistogram {
  static readonly errorRatio = 0.01;
  readonly #counts = new Uint32Array(STEPS);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** @param value ms, not negative */
  add(value: number, times = 1): void {
    const at = value < KNOWN && Number.isInteger(value) ? (KNOWN_STEPS[value] as number) : stepOf(value);
    this.#counts[at] = (this.#counts[at] as number) + times;
    this.#count += times;
  }

  merge(other: LogHistogram): void {
    for (let step = 0; step < STEPS; step++)
      this.#counts[step] = (this.#counts[step] as number) + (other.#counts[step] as number);
    this.#count += other.#count;
  }

  /** Each step that has values, and how many: plain data, which can be sent to another thread. */
  toData(): Uint32Array {
    const pairs: number[] = [];
    for (let step = 0; step < STEPS; step++) {
      const count = this.#counts[step] as number;
      if (count > 0) pairs.push(step, count);
    }
    return Uint32Array.from(pairs);
  }

  joinData(pairs: Uint32Array): void {
    for (let at = 0; at < pairs.length; at += 2) {
      const [step, count] = [pairs[at] as number, pairs[at + 1] as number];
      this.#counts[step] = (this.#counts[step] as number) + count;
      this.#count += count;
    }
  }

  /** The value that a share of all values does not exceed; NaN without values. */
  quantile(p: number): number {
    return this.#valueAt(Math.max(1, Math.ceil(p * this.#count)));
  }

  /**
   * The 95% interval of a quantile, between two values whose ranks follow from how many of independent values lie
   * below it (normal approximation of the binomial distribution).
   * @returns undefined: there are too few values
   */
  quantileInterval(p: number): Interval | undefined {
    const middle = p * this.#count;
    const reach = NORMAL_95 * Math.sqrt(middle * (1 - p));
    const [low, high] = [Math.floor(middle - reach), Math.ceil(middle + reach) + 1];
    if (low < 1 || high > this.#count) return undefined;
    return { low: this.#valueAt(low), high: this.#valueAt(high) };
  }

  /** @param rank from 1 on */
  #valueAt(rank: number): number {
    let seen = 0;
    for (let step = 0; step < STEPS; step++) {
      seen += this.#counts[step] as number;
      if (this.#count > 0 && seen >= rank) return step === 0 ? 0 : GROWTH ** (step - 1);
    }
    return Number.NaN;
  }
}
