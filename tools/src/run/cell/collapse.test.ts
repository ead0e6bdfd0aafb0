import { describe, expect, test } from "vitest";
import { createCollapseJudge, type StartState } from "./collapse.ts";
import { currentLateness, startLateness } from "./start-lateness.ts";

const calm = { activeUsers: 10, lateSeconds: 0.1, failedStarts: 0, memoryAvailableBytes: 8e9 };
/** One look each second; gives the first reason to stop. */
function run(looks: readonly Partial<StartState>[]): string | undefined {
  const judge = createCollapseJudge(1000);
  for (const [second, look] of looks.entries()) {
    const why = judge({ ...calm, nowMs: second * 1000, ...look });
    if (why !== undefined) return why;
  }
  return undefined;
}
const seconds = (count: number, look: (second: number) => Partial<StartState>) =>
  Array.from({ length: count }, (_, second) => look(second));

describe("createCollapseJudge()", () => {
  test("lets a calm cell run", () => {
    expect(run(seconds(60, (second) => ({ activeUsers: second * 10 })))).toBeUndefined();
  });

  test("stops a cell whose starts fall behind, and names the users that ran while they were on time", () => {
    const looks = seconds(60, (second) => ({
      activeUsers: second * 20,
      lateSeconds: Math.max(0, second - 30) * 0.7,
    }));
    expect(run(looks)).toMatch(/cannot hold 1000 users: clients start 8\.4 s late, .* up to 620 users ran/);
  });

  test("lets a cell run whose starts are late but catch up", () => {
    const looks = seconds(60, (second) => ({ lateSeconds: Math.max(0, 7 - Math.abs(second - 20)) }));
    expect(run(looks)).toBeUndefined();
  });

  test("ignores a constant delay", () => {
    const looks = [
      {},
      ...seconds(60, () => ({ lateSeconds: 7.9 })),
      ...seconds(30, () => ({ lateSeconds: 8.1 })),
    ];
    expect(run(looks)).toBeUndefined();
  });

  test("stops once several clients cannot be started", () => {
    expect(run(seconds(10, () => ({ failedStarts: 4 })))).toBeUndefined();
    expect(run([{ activeUsers: 300 }, { failedStarts: 6 }])).toMatch(
      /6 clients could not be started; up to 300/,
    );
  });

  test("stops before memory runs out", () => {
    expect(run([{}, { memoryAvailableBytes: 150e6 }])).toMatch(/only 150 MB of memory are left/);
  });
});

describe("startLateness()", () => {
  const ramp = { users: 6, workers: 2, startRatePerSecond: 2 };
  const start = (worker: number, user: number, lateMs: number, clockMs = 0) => ({
    ...{ worker, user },
    startedMs: 1e6 + clockMs + ((user - 1) * 2 + worker - 1) * 500 + lateMs,
  });

  test("compares starts with the ramp, independent of a worker's clock", () => {
    const started = [
      ...[start(1, 1, 0), start(1, 2, 100), start(1, 3, 3000)],
      ...[start(2, 1, 0, 90_000), start(2, 2, 0, 90_000), start(2, 3, 1500, 90_000)],
    ];
    expect(startLateness(started, ramp, 1)).toEqual({
      ...{ lateRatio: 2 / 6, maxSeconds: 3 },
      workers: [
        { worker: 1, users: 3, lateRatio: 1 / 3, maxSeconds: 3 },
        { worker: 2, users: 3, lateRatio: 1 / 3, maxSeconds: 1.5 },
      ],
    });
  });

  test("notices a worker that starts all its users late if the clocks are known", () => {
    const started = [start(1, 1, 0), start(1, 2, 0), start(2, 1, 2500, 90_000)];
    expect(startLateness(started, ramp, 1)?.workers).toHaveLength(1); // nothing to compare the single user with
    expect(startLateness(started, ramp, 1, [0, 90])).toEqual({
      ...{ lateRatio: 1 / 3, maxSeconds: 2.5 },
      workers: [
        { worker: 1, users: 2, lateRatio: 0, maxSeconds: 0 },
        { worker: 2, users: 1, lateRatio: 1, maxSeconds: 2.5 },
      ],
    });
    expect(startLateness(started, ramp, 1, [0, undefined])?.maxSeconds).toBe(0);
  });

  test("is unknown before a worker has two started users", () => {
    expect(startLateness([start(1, 1, 0), start(2, 1, 0)], ramp, 1)).toBeUndefined();
  });

  test("counts users that are due and have not started", () => {
    const started = [start(1, 1, 0), start(2, 1, 0)];
    const dueMs = 1e6 + 1000; // user 2 of worker 1
    expect(currentLateness(started, ramp, dueMs)).toBe(0);
    expect(currentLateness(started, ramp, dueMs + 4000)).toBe(4);
  });

  test("falls back once starts are on time again", () => {
    expect(currentLateness([start(1, 1, 0), start(1, 2, 5000), start(1, 3, 20)], ramp, 1e6)).toBe(0.02);
  });
});
