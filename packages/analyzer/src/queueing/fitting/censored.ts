import { normalCdf, normalDensity } from "../numeric/normal.ts";

/** Count, sum and sum of squares of values. */
export interface Moments {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
}

/**
 * Mean and standard deviation of a normal distribution from whole values and `cut` values known only to
 * lie above the limit: expectation maximisation.
 *
 * @see Dempster, Laird and Rubin 1977, Journal of the Royal Statistical Society B 39(1)
 */
export function censoredNormal(
  { count, sum, squares }: Moments,
  cut: number,
  limitSeconds: number,
): { readonly mean: number; readonly stdev: number } {
  let mean = sum / count;
  let variance = Math.max(0, (squares - count * mean * mean) / Math.max(1, count - 1));
  if (cut === 0) return { mean, stdev: Math.sqrt(variance) };
  for (let step = 0; step < 500; step++) {
    const sigma = Math.max(Math.sqrt(variance), 1e-9);
    const z = (limitSeconds - mean) / sigma;
    const hazard = normalDensity(z) / Math.max(1 - normalCdf(z), 1e-12);
    const tailMean = mean + sigma * hazard;
    const tailSquare = mean * mean + variance + sigma * hazard * (limitSeconds + mean);
    const nextMean = (sum + cut * tailMean) / (count + cut);
    const nextVariance = Math.max((squares + cut * tailSquare) / (count + cut) - nextMean * nextMean, 1e-12);
    const moved = Math.abs(nextMean - mean);
    mean = nextMean;
    variance = nextVariance;
    if (moved < 1e-9) break;
  }
  return { mean, stdev: Math.sqrt(variance) };
}
