import { describe, expect, test } from "vitest";
import { type CellLoad, saturationWarnings } from "./saturation.ts";

const calm: CellLoad = { cpuBusyRatio: 0.3, aboveLimitRatio: 0.02, withFunction: false };
const cell = { users: 4, thinkTimeSeconds: 1 };
const codes = (load: Partial<CellLoad>) =>
  saturationWarnings(cell, [{ ...calm, ...load }]).map(({ code }) => code);

describe("saturationWarnings()", () => {
  test.each([
    ["a calm machine", {}, []],
    [
      "a mean below the limit that hides bursts",
      { cpuBusyRatio: 0.796, aboveLimitRatio: 0.55 },
      ["GENERATOR_BUSY"],
    ],
    [
      "a mean above the limit in an older result",
      { cpuBusyRatio: 0.9, aboveLimitRatio: 0 },
      ["GENERATOR_BUSY"],
    ],
    [
      "a busy worker behind a calm controller",
      { workers: [{ worker: "10.0.0.2:8001", cpuBusyRatio: 0.7, aboveLimitRatio: 0.4 }] },
      ["GENERATOR_BUSY"],
    ],
    ["many starts that are late", { startLateness: { lateRatio: 0.2, maxSeconds: 1.5 } }, ["STARTS_LATE"]],
    ["one start that is very late", { startLateness: { lateRatio: 0.01, maxSeconds: 9 } }, ["STARTS_LATE"]],
    ["starts on time", { startLateness: { lateRatio: 0.01, maxSeconds: 1.2 } }, []],
  ] as const)("judges %s", (_, load, expected) => {
    expect(codes(load)).toEqual(expected);
  });

  test("names the worker that was busiest, and how long", () => {
    const workers = [
      { worker: "10.0.0.2:8001", cpuBusyRatio: 0.5, aboveLimitRatio: 0.2 },
      { worker: "10.0.0.3:8001", cpuBusyRatio: 0.7, aboveLimitRatio: 0.6 },
    ];
    expect(saturationWarnings(cell, [{ ...calm, workers }])[0]?.message).toBe(
      "the machine of worker 10.0.0.3:8001 was 70% busy, and above 80% during 60% of the time",
    );
  });
});
