import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { figureWithScope } from "./figure-with-scope.ts";
import { judgeMean } from "./judge-mean.ts";
import { judgeQuantile } from "./judge-quantile.ts";
import { pooledInterval } from "./pooled-interval.ts";
import { leastValues, quantileWithScope } from "./quantile-with-scope.ts";
import { runDeviation } from "./run-deviation.ts";
import { toRunMean, toRunQuantile, toRunRate } from "./run-figure.ts";
import { studentT } from "./student-t.ts";

const runs = (...values: readonly number[]) => values.map((value) => ({ value }));
const POOLED = { ratio: 0.03, degrees: 8, withinRatio: 0, betweenRatio: 0.03 };

describe("toRunMean()", () => {
  it("adds the error of the means of five parts", () => {
    const run = toRunMean([1, 2, 3, 4, 5].flatMap((level) => [level, level, level, level]));
    expect(run?.value).toBe(3);
    // statistics.stdev(1..5) / sqrt(5) / 3
    expect(run?.within?.ratio).toBeCloseTo(Math.sqrt(2.5) / Math.sqrt(5) / 3, 12);
    expect(run?.within?.degrees).toBe(4);
  });

  it("has no error of fewer than 20 values, and no mean of none", () => {
    expect(toRunMean([1, 2, 3])).toEqual({ value: 2 });
    expect(toRunMean([])).toBeUndefined();
  });
});

describe("toRunQuantile()", () => {
  it("adds the error by sectioning", () => {
    const parts = [1, 2, 3, 4, 10].flatMap((level) => [level - 0.5, level, level + 0.5]);
    const run = toRunQuantile(parts, 0.5);
    expect(run?.value).toBe(3);
    // Medians 1, 2, 3, 4 and 10 around 3: √((4 + 1 + 0 + 1 + 49) / 4 / 5) / 3
    expect(run?.within?.ratio).toBeCloseTo(Math.sqrt(55 / 20) / 3, 12);
  });

  it("has no error of too few values beyond the quantile", () => {
    const values = Array.from({ length: 99 }, (_, index) => index + 1);
    expect(toRunQuantile(values, 0.95)).toEqual({ value: expect.closeTo(94.1) });
    expect(toRunQuantile([...values, 100], 0.95)?.within?.degrees).toBe(4);
    expect(toRunQuantile([], 0.5)).toBeUndefined();
  });
});

describe("toRunRate()", () => {
  it("adds the error of the counts of five slices of time", () => {
    const events = [4, 5, 6, 5, 5].flatMap((count, slice) =>
      Array.from({ length: count }, (_, index) => 2 * slice + index / 4),
    );
    const run = toRunRate(events, 10);
    expect(run?.value).toBe(2.5);
    // statistics.stdev([4, 5, 6, 5, 5]) / sqrt(5) / 5
    expect(run?.within?.ratio).toBeCloseTo(Math.sqrt(0.5) / Math.sqrt(5) / 5, 12);
  });

  it("has no error of few events, and no rate of no time", () => {
    expect(toRunRate([0.5, 1.5], 4)).toEqual({ value: 0.5 });
    expect(toRunRate([1], 0)).toBeUndefined();
  });
});

describe("quantileWithScope()", () => {
  const run = (seed: number, length: number) =>
    Array.from({ length }, (_, index) => 1 + ((index * 37 + seed) % 101) / 100);

  it("is Student's t over the runs' own quantiles", () => {
    const three = [run(1, 101), run(2, 101).map((value) => 1.1 * value), run(3, 101)];
    const found = quantileWithScope(three, 0.5);
    expect(found?.value).toBeCloseTo((1.5 + 1.65 + 1.5) / 3, 12);
    // scipy.stats.t.interval(.95, 2, 1.55, sem([1.5, 1.65, 1.5]))
    expect(found?.interval?.low).toBeCloseTo(1.3348673635251198, 10);
    expect(found?.interval).toMatchObject({ method: "t over runs", scope: "between runs" });
  });

  it.each([
    ["one run of 72 values", [run(1, 72)], 0.95],
    ["one run of 300 values, p99", [run(1, 300)], 0.99],
    ["three runs of 37 values", [run(1, 37), run(2, 37), run(3, 37)], 0.95],
    ["two runs alone", [run(1, 200), run(2, 200)], 0.95],
    ["a run that ends at its time limit", [run(1, 200).map((value) => Math.min(value, 1.8))], 0.95],
  ])("withholds the interval: %s", (_, runs, p) => {
    const found = quantileWithScope(runs, p);
    expect(found?.value).toBeGreaterThan(1);
    expect(found?.interval).toBeUndefined();
  });

  it("speaks of one run alone, or of all if others were repeated", () => {
    expect(quantileWithScope([run(1, 200)], 0.95)?.interval?.scope).toBe("within this run");
    const pooled = quantileWithScope([run(1, 200)], 0.95, { pooled: POOLED });
    expect(pooled?.interval?.scope).toBe("between runs");
    expect(quantileWithScope([[]], 0.95)).toBeUndefined();
    expect(() => quantileWithScope([[1]], 1)).toThrow(RangeError);
  });

  it("needs as many values as MLPerf's early stopping", () => {
    expect(leastValues(0.95, 0.98)).toBe(90);
    expect(leastValues(0.99, 0.98)).toBe(459);
  });
});

describe("judgeQuantile()", () => {
  const steady = Array.from({ length: 300 }, (_, index) => 1 + ((index * 37) % 101) / 1000);
  const three = [0.97, 1, 1.03].map((speed) => steady.map((value) => speed * value));

  it.each([
    ["passes", 1.3],
    ["undecided", 1.12],
    ["undecided", 1.07],
    ["fails", 0.9],
  ])("%s with a limit of %d for a p95 of 1.095", (verdict, limit) => {
    expect(judgeQuantile(three, 0.95, limit).verdict).toBe(verdict);
  });

  it("judges two runs only if the limit is far beyond their difference", () => {
    const two = three.slice(0, 2);
    expect(quantileWithScope(two, 0.95)?.interval).toBeUndefined();
    expect(judgeQuantile(two, 0.95, 1.3).verdict).toBe("passes");
    expect(judgeQuantile(two, 0.95, 0.9).verdict).toBe("fails");
    expect(judgeQuantile(two, 0.95, 1.15)).toMatchObject({ verdict: "undecided", moreValues: 300 });
  });

  it("says how many more values two short runs need, however far the limit is", () => {
    const short = three.slice(0, 2).map((values) => values.slice(0, 40));
    expect(judgeQuantile(short, 0.95, 100)).toMatchObject({ verdict: "undecided", moreValues: 80 });
  });

  it("says about how many more values would decide", () => {
    expect(judgeQuantile(three, 0.95, 1.14)).toMatchObject({ verdict: "undecided", moreValues: 300 });
    expect(judgeQuantile([[0.1, 0.2]], 0.95, 1)).toMatchObject({ verdict: "undecided", moreValues: 88 });
    expect(judgeQuantile([], 0.95, 1)).toEqual({ verdict: "undecided" });
  });
});

describe("judgeMean()", () => {
  it.each([
    ["passes", [[0.9], [1], [1.1]], 2],
    ["fails", [[0.9], [1], [1.1]], 0.5],
    ["undecided", [[1], [1.1]], 100],
    ["undecided", [[1]], 100],
    ["undecided", [], 1],
  ] as const)("%s: %j with a limit of %d", (verdict, values, limit) => {
    expect(judgeMean(values, limit).verdict).toBe(verdict);
  });

  it("says about how many more runs would decide, in values", () => {
    const high = (count: number) => 1 + (studentT(0.95, count - 1) * 0.1) / Math.sqrt(count);
    const count = 3 + (judgeMean([[0.9], [1], [1.1]], 1.05).moreValues as number);
    expect(high(count)).toBeLessThanOrEqual(1.05);
    expect(high(count - 1)).toBeGreaterThan(1.05);
  });

  it("allows a fifth of the error within one run, whose parts are correlated", () => {
    const run = Array.from({ length: 100 }, (_, index) => 1 + 0.01 * (index % 7) + 0.02 * Math.sin(index));
    const bound = figureWithScope([toRunMean(run) ?? { value: 0 }], { level: 0.9 })?.interval?.high as number;
    expect(judgeMean([run], bound + 1e-9).verdict).toBe("undecided");
    expect(judgeMean([run], bound + 1e-9, 0.75).verdict).toBe("passes");
  });

  it("knows no number of values for a limit that equals the mean", () => {
    expect(judgeMean([[0.9], [1], [1.1]], 1).moreValues).toBeUndefined();
  });
});

describe("runDeviation()", () => {
  it("pools conditions by their degrees of freedom", () => {
    const one = runs(1, Math.exp(0.02));
    const other = runs(5, 5 * Math.exp(0.03), 5 * Math.exp(-0.03));
    const found = runDeviation([one, other, runs(7)]);
    expect(found?.degrees).toBe(3);
    expect(found?.ratio).toBeCloseTo(Math.sqrt((0.0002 + 2 * 0.0009) / 3), 12);
    expect(found?.betweenRatio).toBe(found?.ratio);
  });

  it("takes out what the runs' own errors explain", () => {
    const within = { ratio: 0.01, degrees: 19 };
    const found = runDeviation([
      [
        { value: 1, within },
        { value: Math.exp(0.02), within },
      ],
    ]);
    expect(found?.withinRatio).toBeCloseTo(0.01, 12);
    expect(found?.betweenRatio).toBeCloseTo(0.01, 12);
  });

  it("is not known if no condition was repeated", () => {
    expect(runDeviation([runs(1), runs(2)])).toBeUndefined();
    expect(runDeviation([runs(0, 1)])).toBeUndefined();
  });
});

describe("pooledInterval()", () => {
  // 2 exp(± scipy.stats.t.ppf(.975, 8) × 0.03)
  it("bounds one run by the deviation of others", () => {
    const found = pooledInterval(runs(2), POOLED);
    expect(found?.low).toBeCloseTo(1.8663171612614566, 12);
    expect(found?.high).toBeCloseTo(2.1432584359329216, 12);
  });

  it("widens for a run that knows its own mean less well than the repeated ones", () => {
    const noisy = pooledInterval([{ value: 2, within: { ratio: 0.1, degrees: 19 } }], POOLED);
    expect(noisy?.high).toBeGreaterThan(2.4);
  });

  it("is withheld below four degrees of freedom", () => {
    expect(pooledInterval(runs(2), { ...POOLED, degrees: 3 })).toBeUndefined();
    expect(pooledInterval([], POOLED)).toBeUndefined();
  });
});

describe("figureWithScope()", () => {
  const within = { ratio: 0.01, degrees: 19 };

  // scipy.stats.t.interval(.95, 2, 1, sem([.9, 1, 1.1]))
  it("is Student's t over three runs", () => {
    const found = figureWithScope(runs(0.9, 1, 1.1), { pooled: POOLED });
    expect(found?.interval?.low).toBeCloseTo(0.7515862288249668, 12);
    expect(found?.interval).toMatchObject({ method: "t over runs", scope: "between runs" });
  });

  it.each([
    ["one run, others repeated", [{ value: 1, within }], POOLED, "pooled run deviation", "between runs"],
    ["two runs, others repeated", runs(1, 1.01), POOLED, "pooled run deviation", "between runs"],
    ["one run alone", [{ value: 1, within }], undefined, "parts of one run", "within this run"],
  ] as const)("%s: %#", (_, own, pooled, method, scope) => {
    expect(figureWithScope(own, { pooled })?.interval).toMatchObject({ method, scope });
  });

  it("has no interval of two runs alone, nor of a short one", () => {
    expect(
      figureWithScope([
        { value: 1, within },
        { value: 1, within },
      ]),
    ).toEqual({ value: 1, runs: 2 });
    expect(figureWithScope(runs(1))).toEqual({ value: 1, runs: 1 });
    expect(figureWithScope([])).toBeUndefined();
  });
});

describe("compareRuns()", () => {
  const BEFORE = runs(1, 1.03, 0.98);

  // exp(scipy.stats.ttest_ind(log(after), log(before)).confidence_interval(.95))
  it("is Student's interval of the ratio", () => {
    const found = compareRuns(BEFORE, runs(1.2, 1.17, 1.25));
    expect(found?.interval?.low).toBeCloseTo(1.1246876263967494, 12);
    expect(found?.interval?.high).toBeCloseTo(1.2856141085255792, 12);
    expect(found?.verdict).toBe("higher");
    expect(compareRuns(runs(1.2, 1.17, 1.25), BEFORE)?.verdict).toBe("lower");
  });

  it("shows equivalence within the margin", () => {
    expect(compareRuns(BEFORE, runs(1.01, 0.99, 1.02))?.verdict).toBe("equivalent");
    expect(compareRuns(BEFORE, runs(1.01, 0.99, 1.02), { margin: 0.01 })?.verdict).toBe("undecided");
  });

  it("says how many more runs would show the margin", () => {
    const found = compareRuns(runs(1, 1.2, 0.9), runs(1.1, 1.3, 1));
    expect(found?.verdict).toBe("undecided");
    // About 2 (1.96 + 0.84)² (0.14 / 0.0953)² = 34 on each side
    expect(found?.runsNeeded).toBeGreaterThan(25);
    expect(found?.runsNeeded).toBeLessThan(40);
  });

  it("gives no verdict of one run a side, unless other conditions were repeated", () => {
    expect(compareRuns(runs(1), runs(9))).toEqual({ ratio: expect.closeTo(9), verdict: "undecided" });
    expect(compareRuns(runs(1), runs(9), { pooled: POOLED })?.verdict).toBe("higher");
    expect(compareRuns(runs(1), runs(1.01), { pooled: POOLED })?.verdict).toBe("equivalent");
  });

  it("has nothing to compare without runs", () => {
    expect(compareRuns([], BEFORE)).toBeUndefined();
    expect(compareRuns(runs(0), BEFORE)).toBeUndefined();
    expect(() => compareRuns(BEFORE, BEFORE, { margin: 0 })).toThrow(RangeError);
  });
});
