import fc from "fast-check";
import { expect, it } from "vitest";
import { quantile, quantileOfUnsorted } from "./quantile.ts";
import { selectQuantiles } from "./select-quantiles.ts";

it("finds the quantiles of sorted values, ties included", () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer({ min: 0, max: 5 }),
  );
  const value = number.map((one) => one + 0); // sort() puts −0 before 0
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1, maxLength: 200 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
      (values, some) => {
        const shares = some.sort((a, b) => a - b);
        const sorted = Float64Array.from(values).sort();
        expect(selectQuantiles(Float64Array.from(values), shares)).toEqual(
          shares.map((share) => quantile(sorted, share)),
        );
      },
    ),
    { numRuns: 5000 },
  );
});

it("leaves quantileOfUnsorted() as it is with sorted values, those that are not numbers included", () => {
  const value = fc.oneof(fc.double(), fc.integer({ min: 0, max: 5 })).map((one) => one + 0);
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 100 }), share, (values, p) => {
      const given = [...values];
      expect(quantileOfUnsorted(values, p)).toBe(quantile(Float64Array.from(values).sort(), p));
      expect(values).toEqual(given);
    }),
    { numRuns: 5000 },
  );
  expect(() => quantileOfUnsorted([], 0.5)).toThrow(RangeError);
  expect(() => quantileOfUnsorted([1], Number.NaN)).toThrow(RangeError);
});

it.each([
  ["equal", () => 7],
  ["ascending", (index: number) => index],
  ["descending", (index: number) => -index],
  ["in two halves", (index: number) => index % 5000],
])("needs a time that grows with the number of values only: %s ones", (_, at) => {
  const values = Float64Array.from({ length: 10_000 }, (_, index) => at(index));
  const sorted = values.toSorted();
  const begin = performance.now();
  for (let round = 0; round < 20; round++)
    expect(selectQuantiles(values.slice(), [0.5, 0.95, 0.99])).toEqual(
      [0.5, 0.95, 0.99].map((share) => quantile(sorted, share)),
    );
  // A time that grows with their square would be seconds.
  expect(performance.now() - begin).toBeLessThan(2000);
});
