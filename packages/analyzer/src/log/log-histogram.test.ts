import fc from "fast-check";
import { expect, test } from "vitest";
import { createRandom } from "../stats/random.ts";
import { LogHistogram } from "./log-histogram.ts";

test("quantiles are within the error ratio of the value at their rank", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 1e7 }), { minLength: 1 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (values, p) => {
        const histogram = new LogHistogram();
        for (const value of values) histogram.add(value);
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(p * values.length)) - 1] as number;
        const error = Math.abs(histogram.quantile(p) - exact) / exact;
        expect(error).toBeLessThanOrEqual(LogHistogram.errorRatio);
      },
    ),
  );
});

test("counts times below 1 ms as 0, sums other histograms, and has no quantile without values", () => {
  const histogram = new LogHistogram();
  expect(histogram.quantile(0.5)).toBeNaN();
  histogram.add(0, 3);
  const other = new LogHistogram();
  other.add(1000);
  histogram.merge(other);
  expect([histogram.count, histogram.quantile(0.5)]).toEqual([4, 0]);
  expect(histogram.quantile(1)).toBeCloseTo(1000, -1);
});

test("the interval of a quantile holds the true one in about 95% of samples; few values have none", () => {
  const random = createRandom(1);
  let held = 0;
  for (let sample = 0; sample < 1000; sample++) {
    const histogram = new LogHistogram();
    for (let index = 0; index < 300; index++) histogram.add(1000 + 100_000 * random());
    const { low, high } = histogram.quantileInterval(0.95) ?? { low: 0, high: 0 };
    // Within half a step of 2%.
    if (low <= 96_000 * 1.01 && high >= 96_000 * 0.99) held++;
  }
  expect(held).toBeGreaterThan(930);
  const few = new LogHistogram();
  few.add(1000, 100);
  expect(few.quantileInterval(0.95)).toBeUndefined();
  expect(few.quantileInterval(0.5)).toBeDefined();
});
