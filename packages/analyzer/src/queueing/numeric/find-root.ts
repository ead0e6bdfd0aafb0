/**
 * Where a continuous function changes its sign: regula falsi, Illinois variant.
 *
 * @param f f(low) and f(high) have different signs, or one is 0
 * @see Dowell and Jarratt 1971, BIT 11
 */
export function findRoot(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  let [fa, fb] = [f(a), f(b)];
  if (fa === 0) return a;
  for (let step = 0; step < 100 && fb !== 0 && Math.abs(b - a) > 1e-13 * Math.abs(b); step++) {
    const inner = b - (fb * (b - a)) / (fb - fa);
    const next = Number.isFinite(inner) ? inner : (a + b) / 2;
    const value = f(next);
    if (value * fb < 0) [a, fa] = [b, fb];
    else fa /= 2;
    [b, fb] = [next, value];
  }
  return b;
}
