/** The best split of a series into two levels. */
export interface Step {
  /** Values before the step. */
  readonly at: number;
  /** Squares that the step explains ÷ squares that remain: grows with how clear it is. */
  readonly explained: number;
  /** Lag-one correlation of what remains. */
  readonly correlation: number;
  /** Level after − level before. */
  readonly size: number;
}

/**
 * The step that explains most of a series: over all splits with at least `margin` values on each side, the largest
 * k (n − k) / n · (mean after − mean before)², the likelihood ratio of a step in normal values.
 *
 * @param values in order of time, at least 2 · margin
 * @see Csörgő and Horváth 1997, Limit Theorems in Change-Point Analysis, 1.4
 */
export function findStep(values: ArrayLike<number>, margin: number): Step {
  const n = values.length;
  let sum = 0;
  for (let index = 0; index < n; index++) sum += values[index] as number;
  let below = 0;
  let best = -1;
  let at = margin;
  let size = 0;
  for (let k = 1; k <= n - margin; k++) {
    below += values[k - 1] as number;
    if (k < margin) continue;
    const step = (sum - below) / (n - k) - below / k;
    const explained = ((k * (n - k)) / n) * step ** 2;
    if (explained <= best) continue;
    [best, at, size] = [explained, k, step];
  }
  const before = (sum - size * (n - at)) / n;
  let squares = 0;
  let products = 0;
  let last = 0;
  for (let index = 0; index < n; index++) {
    const rest = (values[index] as number) - before - (index < at ? 0 : size);
    squares += rest ** 2;
    if (index > 0) products += rest * last;
    last = rest;
  }
  return squares > 0
    ? { at, explained: best / squares, correlation: products / squares, size }
    : { at, explained: best > 0 ? Number.POSITIVE_INFINITY : 0, correlation: 0, size };
}
