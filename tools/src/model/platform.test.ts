import { describe, expect, it, test } from "vitest";
import { type PlatformFlags, readPlatform } from "./platform.ts";

const read = (flags: Partial<PlatformFlags>) =>
  readPlatform({ autoscale: [], burst: [], concurrency: 0, ...flags });

describe("readPlatform()", () => {
  it("is undefined if no rule is given", () => {
    expect(read({})).toBeUndefined();
  });

  it("takes a rule by its name, with every target and number of replicas", () => {
    expect(read({ autoscale: ["kpa"], target: "0.7,2", maxReplicas: "4,8", concurrency: 1 })).toEqual({
      rules: [
        { rule: "kpa", target: 0.7, maxReplicas: 4 },
        { rule: "kpa", target: 0.7, maxReplicas: 8 },
        { rule: "kpa", target: 2, maxReplicas: 4 },
        { rule: "kpa", target: 2, maxReplicas: 8 },
      ],
      concurrency: 1,
    });
  });

  it("takes rules as for slbench serve, and their start time unless it is given", () => {
    const rule = "{rule: per-request, keepAliveSeconds: 30, maxReplicas: 9, startSeconds: 3}";
    expect(read({ autoscale: [rule], cores: 2, goal: "p95<2s" })).toEqual({
      rules: [{ rule: "per-request", keepAliveSeconds: 30, maxReplicas: 9 }],
      concurrency: 0,
      startSeconds: 3,
      cores: 2,
      goal: "p95<2s",
    });
    expect(read({ autoscale: [rule], coldStart: 1.5 })?.startSeconds).toBe(1.5);
  });

  test.each([
    [{ burst: ["20@60s"] }, /--burst needs a rule/],
    [{ goal: "p95<2s" }, /--goal needs a rule/],
    [{ coldStart: 2 }, /--cold-start needs a rule/],
    [{ autoscale: ["kpa"], target: "0" }, /--target is "0"/],
    [{ autoscale: ["kpa"], target: "1", maxReplicas: "1.5" }, /--max-replicas is "1.5"/],
    [{ autoscale: ["kpa"] }, /--autoscale kpa has no target/],
    [{ autoscale: ["per-request"] }, /has no keep-alive/],
    [{ autoscale: ["nonsense"] }, /rule/],
  ])("refuses %j", (flags, message) => {
    expect(() => read(flags)).toThrow(message);
  });
});
