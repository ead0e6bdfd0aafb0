import { describe, expect, test } from "vitest";
import {
  type CellLoad,
  generatorSaturation,
  isGeneratorSaturated,
  saturationWarnings,
} from "./saturation.ts";

const calm: CellLoad = {
  ...{ cpuBusyRatio: 0.3, aboveLimitRatio: 0.02, withFunction: false },
  ...{ runQueuePerCore: 0.4, memoryAvailableBytesMin: 2e9 },
};
const cell = { users: 4, thinkTimeSeconds: 1 };
const codes = (load: Partial<CellLoad>) =>
  saturationWarnings(cell, [{ ...calm, ...load }]).map(({ code }) => code);
const law = (offRatio: number, errorRatio = 0.001) => ({
  interactiveLaw: {
    ...{ clients: 4, predictedClients: 4 * (1 + offRatio), offRatio, errorRatio },
    ...{ meanPauseSeconds: 1, meanActiveClients: 4 },
  },
});

/** Loads with the code of their warning, and one of the reasons. */
const limits: readonly (readonly [string, Partial<CellLoad>, string, string])[] = [
  [
    "a mean below the limit that hides bursts",
    { cpuBusyRatio: 0.796, aboveLimitRatio: 0.55 },
    "GENERATOR_BUSY",
    "the load generator's machine was 80% busy, above 80% for 55% of the time",
  ],
  [
    "a mean above the limit in an older result",
    { cpuBusyRatio: 0.9, aboveLimitRatio: 0 },
    "GENERATOR_BUSY",
    "the load generator's machine was 90% busy, above 80% for 0% of the time",
  ],
  [
    "a machine that serves the function too",
    { cpuBusyRatio: 0.9, aboveLimitRatio: 0.9, withFunction: true },
    "GENERATOR_BUSY",
    "the machine was 90% busy (clients, function and other programs), above 80% for 90% of the time",
  ],
  [
    "a busy worker behind a calm controller",
    { workers: [{ worker: "10.0.0.2:8001", cpuBusyRatio: 0.7, aboveLimitRatio: 0.4 }] },
    "GENERATOR_BUSY",
    "the machine of worker 10.0.0.2:8001 was 70% busy, above 80% for 40% of the time",
  ],
  [
    "a worker with a long run queue",
    { workers: [{ worker: "10.0.0.2:8001", cpuBusyRatio: 0.5, runQueuePerCore: 2.6 }] },
    "GENERATOR_BUSY",
    "the machine of worker 10.0.0.2:8001 had 2.6 running or waiting tasks per core",
  ],
  [
    "memory that runs out",
    { memoryAvailableBytesMin: 150e6 },
    "GENERATOR_BUSY",
    "the load generator's machine had only 150 MB of memory left",
  ],
  [
    "many starts that are late",
    { startLateness: { lateRatio: 0.2, maxSeconds: 1.5 } },
    "STARTS_LATE",
    "20% of the clients started more than a second late, the latest 1.5 s",
  ],
  [
    "one start that is very late",
    { startLateness: { lateRatio: 0.01, maxSeconds: 9 } },
    "STARTS_LATE",
    "1% of the clients started more than a second late, the latest 9.0 s",
  ],
];

describe("saturationWarnings()", () => {
  test.each(limits)("warns of %s", (_, load, code) => {
    expect(codes(load)).toEqual([code]);
  });

  test.each<[string, Partial<CellLoad>]>([
    ["a calm machine", {}],
    ["a short run queue", { runQueuePerCore: 1.9 }],
    ["starts on time", { startLateness: { lateRatio: 0.01, maxSeconds: 1.2 } }],
  ])("has nothing to say of %s", (_, load) => {
    expect(codes(load)).toEqual([]);
  });

  test("names the worker that was busiest, and how long", () => {
    const workers = [
      { worker: "10.0.0.2:8001", cpuBusyRatio: 0.5, aboveLimitRatio: 0.2 },
      { worker: "10.0.0.3:8001", cpuBusyRatio: 0.7, aboveLimitRatio: 0.6 },
    ];
    expect(saturationWarnings(cell, [{ ...calm, workers }])[0]?.message).toBe(
      "the machine of worker 10.0.0.3:8001 was 70% busy, above 80% for 60% of the time",
    );
  });

  test("names workers whose load is not known, once", () => {
    const unmeasuredWorkers = ["10.0.0.3:8001"];
    const loads = [1, 2].map(() => ({ ...calm, unmeasuredWorkers }));
    expect(saturationWarnings(cell, loads)).toMatchObject([
      { code: "GENERATOR_NOT_MEASURED", message: "the load of worker 10.0.0.3:8001 was not measured" },
    ]);
  });
});

describe("generatorSaturation()", () => {
  test.each(limits)("gives the reason for %s", (_, load, _code, reason) => {
    const loads = [calm, { ...calm, ...load }]; // one of two repetitions is enough
    expect(generatorSaturation({}, loads)).toEqual([reason]);
    expect(isGeneratorSaturated({}, loads)).toBe(true);
  });

  test("gives all reasons", () => {
    const load = {
      ...{ ...calm, cpuBusyRatio: 0.9, aboveLimitRatio: 0.9, runQueuePerCore: 5 },
      startLateness: { lateRatio: 0.2, maxSeconds: 1.5 },
    };
    expect(generatorSaturation(law(-0.2), [load])).toHaveLength(4);
  });

  test.each([
    ["clients that lose time", law(-0.12), 1],
    ["clients that lose no more than drawn think times explain", law(-0.12, 0.05), 0],
    ["clients that think less than they should", law(0.12), 0],
    ["a cell without the law", {}, 0],
  ])("judges %s", (_, summary, count) => {
    expect(generatorSaturation(summary, [calm])).toHaveLength(count);
  });
});
