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
  const sure = { ...GOOD, agreement: 0.9 };

  it("averages how likely predictions are right, and learns from that how likely most of them are", () => {
    const weights = { prediction: [0, 1, 0, 0], fit: [-2, 1.5] };
    const { expectedShare, mostRight } = judgeSigns([even, sure], weights);
    expect(expectedShare).toBeCloseTo(0.7, 12);
    expect(mostRight).toBeCloseTo(1 / (1 + Math.exp(2 - 1.5 * Math.log(0.7 / 0.3))), 12);
  });

  it("expects less of nine in ten predictions than of one", () => {
    const { expectedShare, mostRight } = judgeSigns(Array(10).fill(sure));
    expect(mostRight).toBeLessThan(expectedShare);
    expect(judgeSigns(Array(10).fill(even)).mostRight).toBeLessThan(mostRight);
  });
});

describe("describeUncertainty()", () => {
  it("names the sign that costs most", () => {
    expect(describeUncertainty({ ...GOOD, agreement: 0.6 })).toContain("60% of the plausible hosts come");
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
