import { describe, expect, it } from "vitest";
import { summarizeFunctionCpu } from "./function-cpu.ts";

describe("summarizeFunctionCpu()", () => {
  it("divides the processor time of all runs by their requests and by what was available", () => {
    const runs = [
      { cpuSeconds: 12, cores: 2, seconds: 10 },
      { cpuSeconds: 8, cores: 2, seconds: 10 },
    ];
    expect(summarizeFunctionCpu(runs, 50)).toEqual({ secondsPerRequest: 0.4, cores: 2, busyRatio: 0.5 });
  });

  it("is undefined if a run is not known, or nothing was sent", () => {
    const run = { cpuSeconds: 12, cores: 2, seconds: 10 };
    expect(summarizeFunctionCpu([run, undefined], 50)).toBeUndefined();
    expect(summarizeFunctionCpu([], 50)).toBeUndefined();
    expect(summarizeFunctionCpu([run], 0)).toBeUndefined();
  });
});
