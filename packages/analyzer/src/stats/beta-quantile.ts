import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * Quantile of the beta distribution: the x with I(x; a, b) = p, solved by bisection to the last bits.
 *
 * @param p 0..1
 * @param a first shape, > 0
 * @param b second shape, > 0
 * @throws {RangeError} if p is not in 0..1 or a shape is not positive
 *
 * @example
 * ```ts
 * betaQuantile(0.5, 1, 1).toFixed(3); // "0.500"
 * ```
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p is ${p}, not in 0..1`);
  if (!(a > 0 && b > 0)) throw new RangeError(`shapes are ${a} and ${b}, not positive`);
  let low = 0;
  let high = 1;
  for (let middle = 0.5; middle > low && middle < high; middle = (low + high) / 2) {
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return high;
}
