export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
}

/**
 * Minimises a function of a few variables without derivatives.
 *
 * @param f returns Infinity where it is not defined
 * @param start a point where it is defined
 * @param step first step of each variable, not 0
 * @see Nelder and Mead 1965, The Computer Journal 7(4)
 */
export function minimize(
  f: (point: readonly number[]) => number,
  start: readonly number[],
  step: readonly number[],
  maxEvaluations = 400,
): Minimum {
  const size = start.length;
  let evaluations = 0;
  const evaluate = (at: readonly number[]): Minimum => {
    evaluations++;
    return { at, value: f(at) };
  };
  const simplex = [evaluate(start)];
  for (let i = 0; i < size; i++) {
    simplex.push(evaluate(start.map((value, index) => (index === i ? value + (step[i] as number) : value))));
  }
  const along = (centre: readonly number[], worst: Minimum, factor: number) =>
    evaluate(centre.map((value, index) => value + factor * (value - (worst.at[index] as number))));
  while (evaluations < maxEvaluations) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] as Minimum;
    const worst = simplex[size] as Minimum;
    if (worst.value - best.value <= 1e-12 * (Math.abs(best.value) + 1e-12)) break;
    const centre = start.map(
      (_, index) =>
        simplex.slice(0, size).reduce((sum, point) => sum + (point.at[index] as number), 0) / size,
    );
    const reflected = along(centre, worst, 1);
    if (reflected.value < best.value) {
      const expanded = along(centre, worst, 2);
      simplex[size] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < (simplex[size - 1] as Minimum).value) {
      simplex[size] = reflected;
    } else {
      const contracted = along(centre, worst, reflected.value < worst.value ? 0.5 : -0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[size] = contracted;
      else {
        for (let i = 1; i <= size; i++) {
          const point = simplex[i] as Minimum;
          simplex[i] = evaluate(point.at.map((value, index) => ((best.at[index] as number) + value) / 2));
        }
      }
    }
  }
  simplex.sort((a, b) => a.value - b.value);
  return simplex[0] as Minimum;
}
