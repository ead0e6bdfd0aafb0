import { mean } from "./mean.ts";
import type { Values } from "./values.ts";

/** Sample standard deviation (divides by n − 1), two passes; undefined for fewer than two values. */
export function stdev(values: Values): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
