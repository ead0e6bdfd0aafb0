import fc from "fast-check";
import { expect, describe as group, it, test } from "vitest";
import { describe } from "./describe.ts";
import { mser5 } from "./mser.ts";
import { splitMeans } from "./split-means.ts";
import { studentT } from "./student-t.ts";
import { tInterval } from "./t-interval.ts";
import { trend } from "./trend.ts";

// Every number that is not a formula's comes from NumPy 2.4.6 and SciPy 1.17.1; the call stands above it.
const VALUES = [0.31, 0.29, 0.35, 0.41, 0.3, 0.55, 0.33, 0.32, 0.36, 0.34, 0.29, 0.47];
it("describe() has NumPy's quantiles and deviation", () => {
  const { mean, median, p90, p95, p99, stdev, min, max, count } = describe(VALUES);
  const expected = [0.36, 0.335, 0.464, 0.506, 0.5412, 0.07954415583355404, 0.29, 0.55, 12];
  [mean, median, p90, p95, p99, stdev, min, max, count].forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index] as number, 12);
  });
});

// scipy.stats.t.ppf(p, degrees)
test.each([
  [0.975, 1, 12.706204736174694],
  [0.975, 2, 4.302652729749462],
  [0.975, 19, 2.0930240544083087],
  [0.95, 7, 1.8945786050900062],
  [0.995, 4.5, 4.272823993011293],
  [0.975, 300, 1.9679030112610865],
])("studentT(%d, %d) is SciPy's %d", (p, degrees, expected) => {
  expect(studentT(p, degrees) / expected).toBeCloseTo(1, 11);
});

// scipy.stats.t.interval(.95, 11, mean, std / sqrt(12))
it("tInterval() is SciPy's", () => {
  const interval = tInterval(VALUES);
  expect(interval?.low).toBeCloseTo(0.309460054579055, 12);
  expect(interval?.high).toBeCloseTo(0.41053994542094485, 12);
  expect(tInterval([1])).toBeUndefined();
});

group("trend()", () => {
  const rising = [
    0.3, 0.343, 0.37, 0.372, 0.354, 0.329, 0.314, 0.322, 0.354, 0.398, 0.439, 0.46, 0.457, 0.435, 0.411,
    0.401, 0.416, 0.451, 0.496, 0.533,
  ];
  // scipy.stats.kendalltau(range(n), values, method="asymptotic"); scipy.stats.theilslopes(values, range(n))
  test.each([
    ["with ties", VALUES, 0.1679438245519263, 0.4496025895128464, 0.003333333333333336],
    ["rising", rising, 0.6068622707420824, 0.0001891690342886856, 0.009055555555555556],
  ])("%s is SciPy's", (_, values, tau, pValue, slope) => {
    const found = trend(values);
    expect(found?.tau).toBeCloseTo(tau, 12);
    expect((found?.pValue ?? 0) / pValue).toBeCloseTo(1, 5);
    expect(found?.slope).toBeCloseTo(slope, 12);
  });

  it("is not known of equal values and of few", () => {
    expect(trend(Array(20).fill(1))).toBeUndefined();
    expect(trend([1, 2, 3])).toBeUndefined();
  });
});

group("splitMeans()", () => {
  test("parts hold every value once", () => {
    const anyParts = fc.tuple(
      fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 20 }),
      fc.integer({ min: 1, max: 20 }),
    );
    fc.assert(
      fc.property(anyParts, ([values, count]) => {
        const sizes = Array.from(
          { length: count },
          (_, i) => Math.floor(((i + 1) * values.length) / count) - Math.floor((i * values.length) / count),
        );
        const sum = splitMeans(values, count).reduce(
          (total, value, i) => total + value * (sizes[i] as number),
          0,
        );
        expect(sum).toBeCloseTo(
          values.reduce((total, value) => total + value, 0),
          9,
        );
      }),
    );
  });
});

group("mser5()", () => {
  const decaying = Array.from({ length: 100 }, (_, i) => 2 * 0.9 ** i + 1 + 0.2 * Math.sin(i * 3.7));
  // b = means of five; numpy.argmin([numpy.var(b[d:]) / (20 - d) for d in range(11)]) * 5
  it("cuts a decaying beginning where the plain formula does", () => {
    expect(mser5(decaying)).toBe(45);
  });

  it("is the plain formula's for any values", () => {
    const any = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 50, maxLength: 150 });
    fc.assert(
      fc.property(any, (values) => {
        const count = Math.floor(values.length / 5);
        const means = splitMeans(values.slice(0, count * 5), count);
        const error = (cut: number) => {
          const rest = means.slice(cut);
          const centre = rest.reduce((sum, value) => sum + value, 0) / rest.length;
          return rest.reduce((sum, value) => sum + (value - centre) ** 2, 0) / rest.length ** 2;
        };
        const cuts = Array.from({ length: Math.floor(count / 2) + 1 }, (_, cut) => cut);
        const least = Math.min(...cuts.map(error));
        const found = mser5(values);
        expect(error(found === undefined ? Math.floor(count / 2) : found / 5)).toBeCloseTo(least, 6);
      }),
    );
  });

  it("is not known below 50 values and if the minimum lies at the middle", () => {
    expect(mser5(decaying.slice(0, 49))).toBeUndefined();
    expect(mser5(Array.from({ length: 100 }, (_, i) => i))).toBeUndefined();
  });
});
