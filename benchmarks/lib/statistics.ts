/** A median with the limits of its 95% interval. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** Values that it is of. */
  readonly count: number;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value of a rank: of 100 values, `p` 0.95 is the 95th. */
export function nearestRank(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] as number;
}

/**
 * The median and its interval between two of the values, for any distribution: with fewer than six values there is no
 * such interval of 95%, and the extremes stand for it.
 */
export function medianInterval(values: readonly number[]): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  // How many values on one side can be left out: their number is binomial with p = 1/2.
  let left = 0;
  let tail = 0.5 ** count;
  for (let term = tail; tail + (term * (count - left)) / (left + 1) <= 0.025; left++) {
    term = (term * (count - left)) / (left + 1);
    tail += term;
  }
  return {
    ...{ median: median(sorted), count },
    low: sorted[left] as number,
    high: sorted[count - 1 - left] as number,
  };
}

/** Ratios of values that were measured side by side. */
export const ratios = (some: readonly number[], others: readonly number[]): MedianInterval =>
  medianInterval(some.map((value, index) => value / (others[index] as number)));

/** `0.87 (0.84 to 0.91)` */
export const formatRatio = ({ median: middle, low, high }: MedianInterval): string =>
  `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
