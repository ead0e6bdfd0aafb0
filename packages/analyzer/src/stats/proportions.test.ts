import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { betaQuantile } from "./beta-quantile.ts";
import { countHits } from "./count-hits.ts";
import { cutBlocks } from "./cut-blocks.ts";
import { judgeShare } from "./judge-share.ts";
import { moreTrials } from "./more-trials.ts";
import { clopperPearson, proportionInterval } from "./proportion-interval.ts";

/** Two-sided level of one-sided bounds of 0.99. */
const ONE_SIDED_99 = 0.98;
const RUNS = [
  { hits: 80, trials: 90 },
  { hits: 85, trials: 90 },
  { hits: 88, trials: 90 },
];

// scipy.stats.beta.ppf
test.each([
  [0.3, 2.5, 7, 0.17680146270511063],
  [0.975, 41, 3.2, 0.9833501143510307],
])("betaQuantile(%d, %d, %d) is SciPy's", (p, a, b, expected) => {
  expect(betaQuantile(p, a, b)).toBeCloseTo(expected, 13);
});

it("betaQuantile() rejects what is no probability and no shape", () => {
  expect(() => betaQuantile(1.1, 1, 1)).toThrow(RangeError);
  expect(() => betaQuantile(0.5, 0, 1)).toThrow(RangeError);
});

// scipy.stats.binomtest(17, 20).proportion_ci()
it("clopperPearson() is SciPy's", () => {
  const { low, high } = clopperPearson(17 / 20, 20);
  expect(low).toBeCloseTo(0.6210731734547044, 12);
  expect(high).toBeCloseTo(0.9679290628144552, 12);
});

describe("proportionInterval()", () => {
  // Korn and Graubard's formulas with scipy.stats.t and beta
  it("counts runs that differ as fewer trials", () => {
    const found = proportionInterval(RUNS);
    expect(found?.effectiveTrials).toBeCloseTo(18.378652563438834, 9);
    expect(found?.low).toBeCloseTo(0.7199006408137947, 11);
    expect(found?.high).toBeCloseTo(0.9975485512979354, 11);
    expect(found).toMatchObject({ share: 253 / 270, trials: 270 });
  });

  it.each([
    [89, false],
    [90, true],
    [458, false],
    [459, true],
  ])("with no miss in %d requests the early-stopping rule holds: %s", (trials, certified) => {
    const wanted = trials < 100 ? 0.95 : 0.99;
    const low = proportionInterval([{ hits: trials, trials }], ONE_SIDED_99)?.low as number;
    expect(low >= wanted).toBe(certified);
  });

  it("gives none of no trials, nor of one cluster that has hits and misses", () => {
    expect(proportionInterval([])).toBeUndefined();
    expect(proportionInterval([{ hits: 0, trials: 0 }])).toBeUndefined();
    expect(proportionInterval([{ hits: 9, trials: 10 }])).toBeUndefined();
    expect(() => proportionInterval([{ hits: 2, trials: 1 }])).toThrow(RangeError);
  });

  test("holds the share and is never narrower than of independent trials", () => {
    const cluster = fc
      .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 60 }))
      .map(([trials, hits]) => ({ trials, hits: Math.min(hits, trials) }));
    fc.assert(
      fc.property(fc.array(cluster, { minLength: 2, maxLength: 20 }), (clusters) => {
        const found = proportionInterval(clusters);
        if (found === undefined) throw new Error("no interval");
        const exact = clopperPearson(found.share, found.trials);
        expect(found.low).toBeLessThanOrEqual(exact.low + 1e-12);
        expect(found.high).toBeGreaterThanOrEqual(exact.high - 1e-12);
        expect(found.low).toBeLessThanOrEqual(found.share);
        expect(found.high).toBeGreaterThanOrEqual(found.share);
      }),
    );
  });
});

describe("moreTrials()", () => {
  it("completes the early-stopping rule: 90 for p95, 459 for p99", () => {
    const clusters = [{ hits: 37, trials: 37 }];
    expect(moreTrials(clusters, 0.95, ONE_SIDED_99)).toBe(90 - 37);
    expect(moreTrials(clusters, 0.99, ONE_SIDED_99)).toBe(459 - 37);
  });

  it("is the least number that decides", () => {
    const doubled = (factor: number) =>
      RUNS.map(({ hits, trials }) => ({ hits: hits * factor, trials: trials * factor }));
    const more = moreTrials(RUNS, 0.8) as number;
    const { share, trials, effectiveTrials } = proportionInterval(RUNS) as never as Record<string, number>;
    const ratio = (effectiveTrials as number) / (trials as number);
    const low = (count: number) => clopperPearson(share as number, count * ratio).low;
    expect(low(270 + more)).toBeGreaterThanOrEqual(0.8);
    expect(low(270 + more - 1)).toBeLessThan(0.8);
    expect(moreTrials(doubled(1), 0.5)).toBe(0);
  });

  it("is undefined if no number would decide", () => {
    expect(
      moreTrials(
        [
          { hits: 5, trials: 10 },
          { hits: 5, trials: 10 },
        ],
        0.5,
      ),
    ).toBeUndefined();
    expect(moreTrials([], 0.5)).toBeUndefined();
  });
});

describe("judgeShare()", () => {
  it.each([
    [100, 100, "passes"],
    [37, 37, "undecided"],
    [50, 100, "fails"],
  ])("%d of %d requests within the limit: p95 %s", (hits, trials, verdict) => {
    const clusters = [
      { hits: Math.ceil(hits / 2), trials: Math.ceil(trials / 2) },
      { hits: Math.floor(hits / 2), trials: Math.floor(trials / 2) },
    ];
    expect(judgeShare(clusters, 0.95).verdict).toBe(verdict);
  });

  it("says about how many more requests would decide", () => {
    expect(judgeShare([{ hits: 37, trials: 37 }], 0.95, 0.99)).toMatchObject({
      verdict: "undecided",
      moreTrials: 53,
    });
    expect(judgeShare([], 0.95)).toEqual({ verdict: "undecided" });
  });
});

describe("cutBlocks()", () => {
  it("takes three runs as they are", () => {
    expect(cutBlocks([[1], [2], [], [3]])).toEqual({ blocks: [[1], [2], [3]], scope: "between runs" });
  });

  it("cuts one or two runs into about 10 blocks of time", () => {
    const run = Array.from({ length: 45 }, (_, index) => index);
    const one = cutBlocks([run]);
    expect(one).toMatchObject({ scope: "within this run" });
    expect(one.blocks.length).toBe(10);
    expect(one.blocks.flat()).toEqual(run);
    expect(cutBlocks([run, run]).blocks.length).toBe(10);
    expect(cutBlocks([[1, 2]]).blocks).toEqual([[1], [2]]);
    expect(cutBlocks([]).blocks).toEqual([]);
  });
});

it("countHits() counts per block", () => {
  expect(countHits([[0.2, 0.9], [0.1]], (seconds) => seconds <= 0.5)).toEqual([
    { hits: 1, trials: 2 },
    { hits: 1, trials: 1 },
  ]);
});
