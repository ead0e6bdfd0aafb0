import { expect, it } from "vitest";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";
import { marginEvidence, poolDesignEffect, poolDeviation, shareEvidence } from "./evidence.ts";

const LEVEL = 0.05;

/** Share of sequences in which the evidence ever exceeds 1 ÷ level. */
function everShown(sequences: number, evidenceOf: (random: () => number) => Iterable<number>): number {
  const random = createRandom(7);
  let shown = 0;
  for (let sequence = 0; sequence < sequences; sequence++) {
    for (const evidence of evidenceOf(random)) {
      if (evidence < Math.log(1 / LEVEL)) continue;
      shown++;
      break;
    }
  }
  return shown / sequences;
}

it("shows a margin of 0 as kept at most as often as the level, however often it is looked at", () => {
  const share = everShown(2000, function* (random) {
    const margins: number[] = [];
    for (let run = 0; run < 60; run++) {
      margins.push(0.05 * drawNormal(random));
      yield marginEvidence(margins, poolDeviation([margins]), "pass");
    }
  });
  expect(share).toBeLessThan(LEVEL);
  expect(share).toBeGreaterThan(LEVEL / 10);
});

it("shows a margin of two deviations within a few runs", () => {
  const share = everShown(500, function* (random) {
    const margins: number[] = [];
    const others = Array.from({ length: 4 }, () => 0.05 * drawNormal(random));
    for (let run = 0; run < 8; run++) {
      margins.push(0.05 * (2 + drawNormal(random)));
      yield marginEvidence(margins, poolDeviation([margins, others]), "pass");
    }
  });
  expect(share).toBeGreaterThan(0.9);
});

it("weighs a margin for one side as its mirror image for the other", () => {
  const pooled = { deviation: 0.04, degrees: 5 };
  expect(marginEvidence([0.1, 0.2], pooled, "pass")).toBeCloseTo(
    marginEvidence([-0.1, -0.2], pooled, "fail"),
    12,
  );
  expect(marginEvidence([0.1, 0.2], pooled, "fail")).toBeLessThan(0);
});

it("shows nothing before a load was repeated", () => {
  expect(marginEvidence([3], poolDeviation([[3]]), "pass")).toBe(0);
});

it("shows a success rate at its limit at most as often as the level", () => {
  const limit = 0.95;
  for (const side of ["pass", "fail"] as const) {
    const share = everShown(1000, function* (random) {
      const runs: { hits: number; trials: number }[] = [];
      for (let run = 0; run < 40; run++) {
        let hits = 0;
        for (let trial = 0; trial < 50; trial++) hits += Number(random() < limit);
        runs.push({ hits, trials: 50 });
        yield shareEvidence(runs, limit, 1, side);
      }
    });
    expect(share).toBeLessThan(LEVEL);
  }
});

it("takes hundreds of requests without a failure to show 98.5%, and withholds failures that nothing explains", () => {
  const needed = (trials: number) => shareEvidence([{ hits: trials, trials }], 0.985, undefined, "pass");
  expect(needed(500)).toBeGreaterThan(Math.log(40));
  expect(needed(240)).toBeLessThan(Math.log(40)); // 0.985^244 = 0.025: no test could
  expect(shareEvidence([{ hits: 10, trials: 100 }], 0.985, undefined, "fail")).toBe(0);
});

it("finds runs that differ more than their requests", () => {
  const alike = [
    { hits: 90, trials: 100 },
    { hits: 91, trials: 100 },
    { hits: 89, trials: 100 },
  ];
  expect(poolDesignEffect([alike])).toBe(1);
  const different = [
    { hits: 99, trials: 100 },
    { hits: 70, trials: 100 },
    { hits: 90, trials: 100 },
  ];
  expect(poolDesignEffect([different])).toBeGreaterThan(20);
  expect(poolDesignEffect([[{ hits: 9, trials: 10 }]])).toBeUndefined();
});
