import { PassThrough } from "node:stream";
import { describe, expect, it, test } from "vitest";
import { compareClock } from "../workers/compare-clock.ts";
import type { UserData } from "./cell-data.ts";
import { type ClockComparison, estimateClocks, offsetsOf, readWorkerClocks } from "./worker-clocks.ts";

const workers = ["10.0.0.2:8001", "10.0.0.3:8001"] as const;
const [a, b] = workers;
const shell = (worker: string, low: number, high: number): ClockComparison => ({
  ...{ worker, method: "shell", offset: { low, high } },
});
const user = (worker: number, number: number, low: number, high: number): UserData => ({
  ...{ worker, user: number, serverOffset: { low, high } },
});

describe("estimateClocks()", () => {
  it("intersects the intervals of start and end", () => {
    const [first] = estimateClocks(
      workers,
      [shell(a, 89, 91), shell(b, 0, 0)],
      [shell(a, 90, 92), shell(b, 0, 0)],
      [],
    );
    expect(first).toEqual({
      ...{ worker: a, method: "shell", offsetSeconds: 90.5, uncertaintySeconds: 0.5 },
      atStart: { offsetSeconds: 90, uncertaintySeconds: 1 },
      atEnd: { offsetSeconds: 91, uncertaintySeconds: 1 },
    });
  });

  it("includes a clock step in the uncertainty", () => {
    const [first] = estimateClocks([a], [shell(a, -1, 1)], [shell(a, 89, 91)], []);
    expect(first).toMatchObject({ offsetSeconds: 45, uncertaintySeconds: 46 });
  });

  it("uses the start alone if a worker is gone at the end", () => {
    expect(estimateClocks([a], [shell(a, 1, 3)], [], [])).toEqual([
      {
        worker: a,
        method: "shell",
        offsetSeconds: 2,
        uncertaintySeconds: 1,
        atStart: { offsetSeconds: 2, uncertaintySeconds: 1 },
      },
    ]);
  });

  it("uses the function's clock for all workers if one has no shell", () => {
    const users = [user(1, 1, 89, 91), user(1, 2, 90, 93), user(2, 1, -1, 1)];
    const found = estimateClocks(workers, [shell(a, 500, 501)], [shell(a, 500, 501)], users);
    expect(found).toMatchObject([
      { worker: a, method: "function", offsetSeconds: 90.5, uncertaintySeconds: 0.5 },
      { worker: b, method: "function", offsetSeconds: 0, uncertaintySeconds: 1 },
    ]);
  });

  it("returns unknown without a shell and without the function's clock", () => {
    const users = [user(1, 1, 89, 91), { worker: 2, user: 1 }];
    const found = estimateClocks(workers, [shell(a, 0, 1)], [], users);
    expect(found.map(({ method }) => method)).toEqual(["shell", "unknown"]);
  });

  it("ignores workers without users", () => {
    const found = estimateClocks(workers, [], [], [user(1, 1, 0, 1)]);
    expect(found.map(({ method }) => method)).toEqual(["function", "unknown"]);
  });
});

test("offsetsOf() gives 0 for workers that were not compared", () => {
  expect(offsetsOf(workers, [shell(b, 89, 91)])).toEqual([0, 90]);
});

test.each([
  ["what it wrote", estimateClocks([a], [shell(a, 0, 1)], [], []), true],
  ["an unknown clock", [{ worker: a, method: "unknown" }], true],
  ["nothing", undefined, false],
  ["text for an offset", [{ worker: a, method: "shell", offsetSeconds: "1", uncertaintySeconds: 0 }], false],
  ["no worker", [null], false],
])("readWorkerClocks() of %s", (_, value, isKnown) => {
  expect(readWorkerClocks(value)).toEqual(isKnown ? value : undefined);
});

describe("compareClock()", () => {
  /** A clock 90 s ahead that answers after `delays[round]` seconds, on a time line that only it moves. */
  function remote(delays: readonly number[], answer = (seconds: number) => `${Math.round(seconds * 1e6)}`) {
    let nowSeconds = 1_700_000_000;
    let round = 0;
    const [ask, answers] = [new PassThrough(), new PassThrough()];
    ask.on("data", () => {
      const delay = delays[round++];
      if (delay === undefined) return void answers.end();
      nowSeconds += delay / 4;
      const line = answer(nowSeconds + 90);
      nowSeconds += (3 * delay) / 4;
      answers.write(`${line}\n`);
    });
    return compareClock(ask, answers, () => nowSeconds);
  }

  it("contains the offset, and is as wide as the fastest round", async () => {
    const found = await remote([0.4, 0.02, 0.2, 3]);
    expect(found?.low).toBeLessThanOrEqual(90);
    expect(found?.high).toBeGreaterThanOrEqual(90);
    expect((found?.high ?? 0) - (found?.low ?? 0)).toBeLessThanOrEqual(0.0201);
  });

  test.each([
    ["says nothing", remote([])],
    ["says something else", remote([0.1], () => "slbench-client: --clock is no option")],
  ])("returns undefined for a clock that %s", async (_, found) => {
    expect(await found).toBeUndefined();
  });
});
