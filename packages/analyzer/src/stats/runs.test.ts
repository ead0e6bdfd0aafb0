import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare-runs.ts";
import { meanWithScope } from "./mean-with-scope.ts";
import { pooledInterval } from "./pooled-interval.ts";
import { runDeviation } from "./run-deviation.ts";
import { toRunMean } from "./run-mean.ts";

const runs = (...means: readonly number[]) => means.map((mean) => ({ mean }));
const POOLED = { ratio: 0.03, degrees: 8, withinRatio: 0, betweenRatio: 0.03 };

describe("toRunMean()", () => {
  it("adds the error of 20 batch means", () => {
    const run = toRunMean(Array.from({ length: 40 }, (_, index) => (index % 4 < 2 ? 1 : 3)));
    expect(run?.mean).toBe(2);
    // Batches alternate between 1 and 3: s = √(20 / 19), error s / √20 = 1 / √19, half of it as a share of 2
    expect(run?.within?.ratio).toBeCloseTo(1 / Math.sqrt(19) / 2, 12);
    expect(run?.within?.degrees).toBe(19);
  });

  it("has no error of fewer than 40 values, and no mean of none", () => {
    expect(toRunMean([1, 2, 3])).toEqual({ mean: 2 });
    expect(toRunMean([])).toBeUndefined();
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
        { mean: 1, within },
        { mean: Math.exp(0.02), within },
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
    const noisy = pooledInterval([{ mean: 2, within: { ratio: 0.1, degrees: 19 } }], POOLED);
    expect(noisy?.high).toBeGreaterThan(2.4);
  });

  it("is withheld below four degrees of freedom", () => {
    expect(pooledInterval(runs(2), { ...POOLED, degrees: 3 })).toBeUndefined();
    expect(pooledInterval([], POOLED)).toBeUndefined();
  });
});

describe("meanWithScope()", () => {
  const within = { ratio: 0.01, degrees: 19 };

  // scipy.stats.t.interval(.95, 2, 1, sem([.9, 1, 1.1]))
  it("is Student's t over three runs", () => {
    const found = meanWithScope(runs(0.9, 1, 1.1), POOLED);
    expect(found?.interval?.low).toBeCloseTo(0.7515862288249668, 12);
    expect(found?.interval).toMatchObject({ method: "t over runs", scope: "between runs" });
  });

  it.each([
    ["one run, others repeated", [{ mean: 1, within }], POOLED, "pooled run deviation", "between runs"],
    ["two runs, others repeated", runs(1, 1.01), POOLED, "pooled run deviation", "between runs"],
    ["one run alone", [{ mean: 1, within }], undefined, "batch means", "within this run"],
  ] as const)("%s: %#", (_, own, pooled, method, scope) => {
    expect(meanWithScope(own, pooled)?.interval).toMatchObject({ method, scope });
  });

  it("has no interval of two runs alone, nor of a short one", () => {
    expect(
      meanWithScope([
        { mean: 1, within },
        { mean: 1, within },
      ]),
    ).toEqual({ mean: 1, runs: 2 });
    expect(meanWithScope(runs(1))).toEqual({ mean: 1, runs: 1 });
    expect(meanWithScope([])).toBeUndefined();
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
