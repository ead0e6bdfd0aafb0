import { describe, expect, it } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import { describeUncertainty, likelyRight, type ReliabilitySigns, signValues } from "./reliability.ts";

const GOOD: ReliabilitySigns = { width: 0.05, successWidth: 0, extrapolation: 0, unseenCapacity: 0 };
const likely = (signs: Partial<ReliabilitySigns>) => likelyRight(signValues({ ...GOOD, ...signs }));

describe("likelyRight()", () => {
  it("falls with each sign", () => {
    expect(likely({})).toBeGreaterThan(0.97);
    for (const worse of [{ width: 0.5 }, { successWidth: 0.6 }, { unseenCapacity: 0.4 }])
      expect(likely(worse)).toBeLessThan(0.95);
    expect(likely({ extrapolation: Math.log(2) })).toBeLessThan(likely({}));
  });
});

describe("describeUncertainty()", () => {
  it("names the sign that costs most", () => {
    expect(describeUncertainty({ ...GOOD, width: 0.8 })).toContain("80% of the mean wide");
    expect(describeUncertainty({ ...GOOD, successWidth: 0.5 })).toContain("near the time limit");
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
  expect(unseen.level).toBe("do not trust");
}, 60_000);
