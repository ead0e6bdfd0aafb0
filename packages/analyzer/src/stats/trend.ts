import { quantile } from "./quantile.ts";

export interface Trend {
  /** Kendall's τ-b between order and value, −1..1. */
  readonly tau: number;
  /** Two-sided, asymptotic. */
  readonly pValue: number;
  /** Theil's and Sen's slope: median of all pairs' slopes, in units per step. */
  readonly slope: number;
}

/**
 * Mann's and Kendall's test for a trend over independent values in order of time, corrected for ties, without
 * continuity correction (as SciPy's `kendalltau(method="asymptotic")`).
 *
 * @returns undefined below 8 values, or if all are equal
 * @see Kendall 1975, Rank Correlation Methods; Sen 1968, Journal of the American Statistical Association 63
 */
export function trend(values: readonly number[]): Trend | undefined {
  const n = values.length;
  if (n < 8) return undefined;
  let score = 0;
  const slopes: number[] = [];
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const step = (values[j] as number) - (values[i] as number);
      score += Math.sign(step);
      slopes.push(step / (j - i));
    }
  }
  const pairs = (n * (n - 1)) / 2;
  const ties = new Map<number, number>();
  for (const value of values) ties.set(value, (ties.get(value) ?? 0) + 1);
  let tiedPairs = 0;
  let tieTerm = 0;
  for (const count of ties.values()) {
    tiedPairs += (count * (count - 1)) / 2;
    tieTerm += count * (count - 1) * (2 * count + 5);
  }
  if (tiedPairs === pairs) return undefined;
  const variance = (n * (n - 1) * (2 * n + 5) - tieTerm) / 18;
  return {
    tau: score / Math.sqrt(pairs * (pairs - tiedPairs)),
    pValue: erfc(Math.abs(score) / Math.sqrt(variance) / Math.SQRT2),
    slope: quantile(
      slopes.toSorted((a, b) => a - b),
      0.5,
    ),
  };
}

/**
 * Complementary error function for x ≥ 0, relative error below 1.2e-7 (Chebyshev fit).
 * @see Press and others 1992, Numerical Recipes, 6.2
 */
function erfc(x: number): number {
  const t = 1 / (1 + x / 2);
  const terms = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  return t * Math.exp(-x * x + terms.reduceRight((sum, term) => sum * t + term, 0));
}
