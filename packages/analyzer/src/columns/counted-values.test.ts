import { createRandom } from "@slbench/client/random";
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

test("merged or counted values are kept as those that came one by one, which gives the same last digits", () => {
  const random = createRandom(1);
  const times = Array.from({ length: 4000 }, () => 5 + Math.round(-20 * Math.log(1 - random())));
  const one = valuesOf(...times, 0.5, 100_000);
  const [merged, counted] = [new CountedValues(), new CountedValues()];
  for (const part of [times.slice(0, 500), times.slice(500), [0.5, 100_000]]) merged.merge(valuesOf(...part));
  const counts = new Map<number, number>();
  for (const time of times) counts.set(time, (counts.get(time) ?? 0) + 1);
  for (const [time, count] of [...counts, [0.5, 1], [100_000, 1]] as const) counted.add(time, count);
  for (const values of [merged, counted]) {
    expect(values.toData()).toEqual(one.toData());
    expect(values.describe(1000)).toEqual(one.describe(1000));
  }
});
