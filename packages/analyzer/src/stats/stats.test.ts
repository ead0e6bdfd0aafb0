import fc from "fast-check";
import { expect, describe as group, it, test } from "vitest";
import { batchMeans, splitMeans } from "./batch-means.ts";
import { bootstrapMean } from "./bootstrap-mean.ts";
import { compare } from "./compare.ts";
import { describe } from "./describe.ts";
import { mser5 } from "./mser.ts";
import { studentT } from "./student-t.ts";
import { tInterval } from "./t-interval.ts";
import { trend } from "./trend.ts";
import { welchInterval } from "./welch.ts";

// Every number that is not a formula's comes from NumPy 2.4.6 and SciPy 1.17.1; the call stands above it.
const VALUES = [0.31, 0.29, 0.35, 0.41, 0.3, 0.55, 0.33, 0.32, 0.36, 0.34, 0.29, 0.47];
const BEFORE = [
  [0.3, 0.32, 0.29],
  [0.4, 0.41, 0.45, 0.43],
  [0.35, 0.33],
  [0.5, 0.52, 0.49, 0.55],
  [0.31, 0.3, 0.28],
];
const AFTER = [
  [0.6, 0.62],
  [0.7, 0.71, 0.69],
  [0.66, 0.64],
  [0.8, 0.75],
  [0.63, 0.65],
];

// numpy.quantile(VALUES, [.5, .9, .95, .99]); numpy.std(VALUES, ddof=1)
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

group("batchMeans()", () => {
  // m = [b.mean() for b in numpy.array_split((VALUES * 4)[:40], 20)]; scipy.stats.t.interval(.95, 19, mean(m), std(m) / sqrt(20))
  it("is Student's interval over 20 means", () => {
    const interval = batchMeans([[...VALUES, ...VALUES, ...VALUES, ...VALUES].slice(0, 40)]);
    expect(interval?.batches).toBe(20);
    expect(interval?.low).toBeCloseTo(0.3382690520201302, 12);
    expect(interval?.high).toBeCloseTo(0.3777309479798698, 12);
  });

  it("needs two values for each batch", () => {
    expect(batchMeans([VALUES])).toBeUndefined();
    expect(batchMeans([])).toBeUndefined();
    expect(batchMeans([VALUES, VALUES, VALUES, VALUES])?.batches).toBe(20);
  });

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

group("bootstrapMean()", () => {
  // 400 000 resamples of whole clients with numpy.random.default_rng(1): [0.3057, 0.4621]
  it("comes near NumPy's percentiles of many resamples", () => {
    const interval = bootstrapMean(BEFORE);
    expect(interval?.low).toBeCloseTo(0.3057, 2);
    expect(interval?.high).toBeCloseTo(0.4621, 2);
  });

  it("is the same each time, and another with another seed", () => {
    expect(bootstrapMean(BEFORE)).toEqual(bootstrapMean(BEFORE));
    expect(bootstrapMean(BEFORE, { seed: 2 })).not.toEqual(bootstrapMean(BEFORE));
  });

  it("needs three clients with values", () => {
    expect(bootstrapMean([[1], [2], []])).toBeUndefined();
  });
});

group("compare()", () => {
  // 400 000 resamples of whole clients of both sides with Python's random.Random(1): [0.1989, 0.3835];
  // g = (1 − 3 / 31) (mean(A) − mean(B)) / pooled = 3.38634211806059
  it("gives difference, interval and effect size", () => {
    const found = compare(BEFORE, AFTER);
    expect(found?.difference).toBeCloseTo(0.2878977272727272, 12);
    expect(found?.interval?.low).toBeCloseTo(0.1989, 2);
    expect(found?.interval?.high).toBeCloseTo(0.3835, 2);
    expect(found?.effectSize).toBeCloseTo(3.38634211806059, 10);
    expect(found?.verdict).toBe("higher");
    expect(compare(AFTER, BEFORE)?.verdict).toBe("lower");
  });

  it("shows no difference of a result from itself, nor if there are too few clients", () => {
    expect(compare(BEFORE, BEFORE)).toMatchObject({
      difference: 0,
      ratio: 1,
      verdict: "no difference shown",
    });
    expect(compare([[1]], [[9]])).toEqual({
      before: 1,
      after: 9,
      difference: 8,
      ratio: 9,
      verdict: "no difference shown",
    });
    expect(compare([], AFTER)).toBeUndefined();
  });

  it("gives no interval over fewer than five clients a side, which say too little of how clients differ", () => {
    const four = BEFORE.slice(0, 4);
    expect(compare(four, AFTER)).toMatchObject({ verdict: "no difference shown" });
    expect(compare(four, AFTER)?.interval).toBeUndefined();
    expect(compare(AFTER, four)?.interval).toBeUndefined();
  });

  it("takes slow phases that all clients share for no difference", () => {
    const phases = (slow: readonly number[]) =>
      Array.from({ length: 6 }, (_, client) =>
        Array.from({ length: 40 }, (_, at) => (slow.includes(Math.floor(at / 4)) ? 2 : 1) + client / 1000),
      );
    const inOrder = (clients: number[][]) => [
      Array.from({ length: 40 }, (_, at) => clients.map((values) => values[at] as number)).flat(),
    ];
    const [before, after] = [phases([2, 5]), phases([2, 5, 7])];
    expect(compare(before, after)?.verdict).toBe("higher");
    const runs = { before: inOrder(before), after: inOrder(after) };
    expect(compare(before, after, { runs })).toMatchObject({ verdict: "no difference shown" });
  });
});

// r = scipy.stats.ttest_ind(b, a, equal_var=False).confidence_interval(.95)
it("welchInterval() is SciPy's", () => {
  const found = welchInterval([0.3, 0.4, 0.35, 0.5, 0.31], [0.6, 0.7, 0.66, 0.8]);
  expect(found?.low).toBeCloseTo(0.18412466620283113, 10);
  expect(found?.high).toBeCloseTo(0.45187533379716877, 10);
  expect(welchInterval([1], [1, 2])).toBeUndefined();
  expect(welchInterval([1, 1], [2, 2])).toBeUndefined();
});
