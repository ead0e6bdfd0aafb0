import { expect, test } from "vitest";
import { CountedValues } from "./counted-values.ts";

const valuesOf = (...all: readonly number[]) => {
  const values = new CountedValues();
  for (const value of all) values.add(value);
  return values;
};

test("without() leaves each value as often as the other one does not have it", () => {
  const left = valuesOf(5, 7, 7, 7, 70_000, 70_000).without(valuesOf(7, 7, 70_000));
  expect(left.count).toBe(3);
  expect(left.quantiles([0, 0.5, 1])).toEqual([5, 7, 70_000]);
  expect(valuesOf(3, 3).without(valuesOf(3, 3)).count).toBe(0);
});
