import { incompleteBeta } from "./incomplete-beta.ts";

/**
 * Quantile of Student's t: the t with P(T ≤ t) = p; solved by bisection to the last bits.
 *
 * @param p 0.5..1, without the ends 1
 * @param degrees of freedom, > 0
 */
export function studentT(p: number, degrees: number): number {
  if (!(p >= 0.5 && p < 1)) throw new RangeError(`p is ${p}, not in 0.5..1`);
  if (!(degrees > 0)) throw new RangeError(`${degrees} degrees of freedom`);
  let low = 0;
  let high = 1;
  while (studentCdf(high, degrees) < p) high *= 2;
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(T ≤ t): 1 − I(x; ν/2, 1/2) / 2 with x = ν / (ν + t²) for t ≥ 0, by symmetry else. */
export function studentCdf(t: number, degrees: number): number {
  const tail = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? 1 - tail : tail;
}
