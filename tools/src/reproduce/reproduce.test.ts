import type { Transfer } from "@slbench/analyzer";
import { describe, expect, it } from "vitest";
import { parseUsers } from "./parse-users.ts";
import { renderTransfer } from "./render-transfer.ts";

const there = [1, 2].map((users) => ({
  users,
  thinkTimeSeconds: 0,
  meanSeconds: 0.1 * users,
  demandRatio: 1,
}));
const found: Transfer = {
  demandRatio: {
    value: 0.5,
    runs: 6,
    interval: { low: 0.45, high: 0.55, method: "t over runs", scope: "between runs" },
  },
  shape: "same",
  cells: [{ users: 1, thinkTimeSeconds: 0, meanSeconds: 0.05, demandRatio: 0.5 }],
  predictions: there.map(({ users, thinkTimeSeconds }) => ({
    ...{ users, thinkTimeSeconds, meanRoundTripSeconds: 0.05 * users, meanUncutSeconds: 0.05 * users },
    ...{ successRate: 1, throughputPerSecond: 1, utilization: 1 },
    ...{ interval: { low: 0.09, high: 0.11 }, meanUncutInterval: { low: 0, high: 1 } },
    ...{ successRateInterval: { low: 0, high: 1 }, throughputInterval: { low: 0, high: 1 } },
  })) as unknown as Transfer["predictions"],
};

describe("renderTransfer()", () => {
  it("shows what was measured here, and the predicted rest with intervals", () => {
    const text = renderTransfer(found, there, "results/x");
    expect(text).toContain("Same shape, 2.00 times faster (1.82 to 2.22).");
    expect(text).toMatch(/^ +1 +0 +0\.100 +0\.050 +measured$/m);
    expect(text).toMatch(/^ +2 +0 +0\.200 +0\.100 +0\.090 … 0\.110 +predicted$/m);
  });

  it("says what would decide the shape", () => {
    const open: Transfer = { ...found, shape: "not decided", runsNeeded: 4 };
    expect(renderTransfer(open, there, "r")).toContain("about 4 more runs per cell would decide");
    const { runsNeeded: _, ...few } = open;
    expect(renderTransfer(few, there, "r")).toContain("two cells with three runs each are needed");
  });
});

describe("parseUsers()", () => {
  it("reads a list and refuses anything else", () => {
    expect(parseUsers("1,6")).toEqual([1, 6]);
    for (const text of ["", "0", "1,x", "1.5"])
      expect(() => parseUsers(text)).toThrow(expect.objectContaining({ code: "REPRODUCE_USERS" }));
  });
});
