import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import {
  describeUncertainty,
  judgeSigns,
  likelyRight,
  type ReliabilitySigns,
  signValues,
} from "./reliability.ts";

const GOOD: ReliabilitySigns = { agreement: 1, extrapolation: 0, unseenCapacity: 0 };
const likely = (signs: Partial<ReliabilitySigns>) => likelyRight(signValues({ ...GOOD, ...signs }));

describe("likelyRight()", () => {
  it("falls with each sign", () => {
    expect(likely({})).toBeGreaterThan(0.97);
    for (const worse of [{ agreement: 0.8 }, { unseenCapacity: 0.4 }])
      expect(likely(worse)).toBeLessThan(0.95);
    expect(likely({ extrapolation: Math.log(2) })).toBeLessThan(likely({}));
  });
});

describe("judgeSigns()", () => {
  /** Right and wrong as often. */
  const even = { ...GOOD, agreement: 0.5 };
  const weights = [0, 1, 0, 0];

  it("knows how likely at least nine in ten predictions are right", () => {
    // At most one of 10 predictions is wrong in 11 of 1024 equally likely outcomes.
    const { mostRight, expectedShare } = judgeSigns(Array(10).fill(even), weights);
    expect(mostRight).toBeCloseTo(11 / 1024, 12);
    expect(expectedShare).toBe(0.5);
    // Fewer than ten have to be right all.
    expect(judgeSigns([even, even, even], weights).mostRight).toBeCloseTo(1 / 8, 12);
  });

  it("counts two doubtful predictions among many sure ones for more than their share", () => {
    const sure = { ...GOOD, agreement: 0.98 };
    const mixed = judgeSigns([...Array(13).fill(sure), even, even], weights);
    expect(mixed.expectedShare).toBeGreaterThan(0.9);
    expect(mixed.mostRight).toBeLessThan(0.7);
  });
});

describe("describeUncertainty()", () => {
  it("names the sign that costs most", () => {
    expect(describeUncertainty({ ...GOOD, agreement: 0.6 })).toContain("60% of their runs");
    expect(describeUncertainty({ ...GOOD, extrapolation: 2 })).toContain("far beyond");
    expect(describeUncertainty({ ...GOOD, unseenCapacity: 0.3 })).toContain("capacity");
  });
});

it("trusts a fit beyond saturation more than one whose capacity was not seen", () => {
  const host = { demandSeconds: 1, servers: 3, contention: 0, delaySeconds: 0, demandVariation: 0.08 };
  const verdictOf = (loads: readonly number[]) => {
    const cells = loads.map((users) =>
      simulatedCell(host, { users, thinkTimeSeconds: 0, seed: users, runError: 0.015 }),
    );
    return fitModel(cells, { limitSeconds: 25, replications: 60 }).verdict;
  };
  const [seen, unseen] = [verdictOf([1, 2, 4, 6, 9]), verdictOf([1, 2, 3])];
  expect(seen.expectedShare).toBeGreaterThan(unseen.expectedShare + 0.1);
  expect(seen.level).toBe("trust");
  expect(unseen.level).not.toBe("trust");
}, 60_000);
