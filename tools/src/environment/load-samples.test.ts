import { spawn } from "node:child_process";
import { once } from "node:events";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LookReader, lookEachSecond, readLook, summarizeLoad } from "./load-samples.ts";
import { watchLoad } from "./machine.ts";

const look = (busy: number, idle: number, runnable: number, kilobytes: number) =>
  `cpu  ${busy} 0 0 ${idle} 0 0 0 0 0 0\nprocs_running ${runnable + 1}\nMemAvailable:   ${kilobytes} kB\n`;

const second = (atSeconds: number, busy: number, all: number, more: object = {}) => ({
  ...{ atMs: atSeconds * 1000, busy, all },
  ...more,
});

describe("readLook()", () => {
  test("reads processor time, tasks without the one that looks, and memory", () => {
    expect(readLook(look(90, 10, 3, 500), 7)).toEqual({
      ...{ atMs: 7, busy: 90, all: 100, runnable: 3, memoryAvailableBytes: 500 * 1024 },
    });
  });

  test("counts time that the host took away as busy, and waiting for the disk as idle", () => {
    expect(readLook("cpu  1 2 4 100 50 8 16 32 0 0\n", 0)).toEqual({ atMs: 0, busy: 63, all: 213 });
  });

  test("returns undefined for a machine without /proc", () => {
    expect(readLook("", 0)).toBeUndefined();
  });
});

describe("summarizeLoad()", () => {
  const samples = [
    second(0, 0, 0, { runnable: 0, memoryAvailableBytes: 900 }),
    second(1, 90, 100, { runnable: 4, memoryAvailableBytes: 500 }),
    second(2, 140, 200, { runnable: 2, memoryAvailableBytes: 700 }),
    second(3, 235, 300, { runnable: 6, memoryAvailableBytes: 800 }),
  ];

  test("gives the mean, the time above the limit, the run queue per core and the least memory", () => {
    expect(summarizeLoad({ cores: 2, samples })).toEqual({
      ...{ cpuBusyRatio: 235 / 300, aboveLimitRatio: 2 / 3, cpuBusyRatioMax: 0.95 },
      ...{ runQueuePerCore: 1.5, memoryAvailableBytesMin: 500, seconds: 3 },
    });
  });

  test("leaves out what was before and after a span of time", () => {
    expect(summarizeLoad({ cores: 2, samples }, { fromMs: 1200, toMs: 1900 })).toMatchObject({
      ...{ cpuBusyRatio: 0.5, aboveLimitRatio: 0, runQueuePerCore: 1.5, seconds: 1 },
    });
  });

  test("takes all if the span is by a clock that is off", () => {
    expect(summarizeLoad({ cores: 2, samples }, { fromMs: 1e9, toMs: 2e9 })?.seconds).toBe(3);
  });

  test("returns undefined with a single look", () => {
    expect(summarizeLoad({ cores: 2, samples: samples.slice(0, 1) })).toBeUndefined();
  });
});

describe("LookReader", () => {
  test("gives the same however the output is cut", () => {
    const text = `cores 4\n${[look(0, 0, 1, 9), look(9, 1, 2, 8), look(12, 8, 0, 7)].join("\n")}\n`;
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length })), (cuts) => {
        const reader = new LookReader();
        const ends = [0, ...cuts.toSorted((a, b) => a - b), text.length];
        for (const [index, end] of ends.slice(1).entries()) reader.push(text.slice(ends[index], end), 5);
        expect(reader.seen.cores).toBe(4);
        expect(reader.seen.samples.map(({ runnable }) => runnable)).toEqual([1, 2, 0]);
      }),
    );
  });
});

describe.skipIf(process.platform !== "linux")("on Linux", () => {
  const start = (seconds: number) =>
    spawn("sh", ["-c", lookEachSecond(seconds)], { stdio: ["ignore", "pipe", "ignore"] });

  test("a shell looks each second, for the given time at most", async () => {
    const shell = start(2);
    const reader = new LookReader();
    shell.stdout.setEncoding("utf8").on("data", (text: string) => reader.push(text, Date.now()));
    await once(shell, "close");
    expect(reader.seen.cores).toBeGreaterThan(0);
    expect(reader.seen.samples).toHaveLength(2);
    expect(summarizeLoad(reader.seen)).toMatchObject({
      cpuBusyRatio: expect.any(Number),
      runQueuePerCore: expect.any(Number),
      memoryAvailableBytesMin: expect.any(Number),
    });
  });

  test("the shell ends once nobody reads its output", async () => {
    const shell = start(600);
    const ended = once(shell, "exit");
    await once(shell.stdout, "data");
    shell.stdout.destroy();
    await ended;
  });

  test("this machine is seen alike", () => {
    const seen = watchLoad()();
    expect(seen.samples).toHaveLength(2);
    expect(seen.samples[0]).toMatchObject({
      runnable: expect.any(Number),
      memoryAvailableBytes: expect.any(Number),
    });
  });
});
