import { RunningMean } from "./mean.ts";

/**
 * Sample standard deviation (divides by n − 1); undefined for fewer than two values.
 * @param values gone through twice
 */
export function stdev(values: Iterable<number>): number | undefined {
  const running = new RunningMean();
  for (const value of values) running.add(value);
  const { mean: centre, count } = running;
  if (centre === undefined || count < 2) return undefined;
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (count - 1));
}
