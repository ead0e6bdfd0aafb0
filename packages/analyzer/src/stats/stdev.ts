import { mean } from "./mean.ts";

/** Sample standard deviation (divides by n − 1); undefined for fewer than two values. */
export function stdev(values: ArrayLike<number>): number | undefined {
  const centre = mean(values);
  if (centre === undefined || values.length < 2) return undefined;
  let squares = 0;
  // An iterator would make two objects for each value.
  for (let index = 0; index < values.length; index++) squares += ((values[index] as number) - centre) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
