import { describe, expect, it, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { parseThreshold } from "../../thresholds/threshold.ts";
import { type Judging, judgeCell } from "./judge-cell.ts";
import { servingLimits } from "./limits.ts";
import { servedUsers } from "./served.ts";

const cell = (users: number, rate: number, p95: number, more: Partial<CellSummary> = {}): CellSummary => ({
  users,
  thinkTimeSeconds: 0,
  part: "whole",
  quantileIntervals: {},
  runs: [],
  clients: users,
  crashedClients: 0,
  requests: { sent: 100, successful: Math.round(100 * rate), failed: 100 - Math.round(100 * rate) },
  successRate: { meanOverClients: rate, overRequests: rate },
  roundTripSeconds: { count: 100, mean: p95 / 2, p95 },
  handlerSeconds: { count: 0 },
  mlSeconds: { count: 0 },
  ...more,
});
const limits = { successRate: 0.99, p95Seconds: 25, source: "" };

test.each([
  ["all keep the limits", [cell(1, 1, 1), cell(4, 1, 2)], 4, true],
  ["the heaviest fails", [cell(4, 0.8, 25), cell(1, 1, 1), cell(2, 1, 1)], 2, false],
  ["too slow counts as failing", [cell(1, 1, 1), cell(2, 1, 26)], 1, false],
  ["a crashed client counts as failing", [cell(1, 1, 1), cell(2, 1, 1, { crashedClients: 1 })], 1, false],
  ["a good cell above a bad one does not count", [cell(1, 1, 1), cell(2, 0.5, 1), cell(3, 1, 1)], 1, false],
  ["already the lightest fails", [cell(2, 0.5, 1)], undefined, false],
])("servedUsers(): %s", (_, cells, users, isAtLeast) => {
  const [serving] = servedUsers(cells, limits);
  expect(serving?.users).toBe(users);
  expect(serving?.isAtLeast).toBe(isAtLeast);
});

test("servedUsers() answers per think time, in words, with what happens beyond", () => {
  const found = servedUsers(
    [cell(1, 1, 1), cell(2, 0.83, 25), { ...cell(2, 1, 3), thinkTimeSeconds: 5 }],
    limits,
  );
  expect(found.map(({ thinkTimeSeconds }) => thinkTimeSeconds)).toEqual([0, 5]);
  expect(found[0]?.sentence).toBe(
    "With a think time of 0 s the function serves 1 user with 95% of the round trips within 25 s. There, 100 of 100 requests succeeded, and 95% of the round trips took at most 1.00 s. With 2 users it does not: success 83.0%.",
  );
  expect(found[1]?.sentence).toContain("serves at least 2 users, the most that were tried, with");
});

describe("servedUsers() of cells with their requests", () => {
  const runs = (requests: number, failed: number, seconds = 1) => ({
    roundTripSeconds: new Array<number>(requests).fill(seconds),
    isSuccessful: Array.from({ length: requests }, (_, index) => (index < failed ? 0 : 1)),
  });
  /** Three repetitions with this many requests each; `failed` is how many of them fail, by users. */
  const judging = (requests: number, failed: Readonly<Record<number, number>> = {}): Judging => ({
    runsOf: ({ users }) => [1, 2, 3].map(() => runs(requests, failed[users] ?? 0)),
  });
  const timed = { ...limits, isTimeLimit: true };

  it("is not decided with too few requests, and says how many more are needed", () => {
    const [serving] = servedUsers([cell(1, 1, 1)], timed, judging(16));
    expect(serving?.users).toBeUndefined();
    expect(serving?.beyond).toBe("1 user is not decided: about 260 more requests needed");
    expect(serving?.sentence).toBe(
      "With a think time of 0 s it is not decided how many users the function serves. With 1 user it is not decided: 100 of 100 requests succeeded; about 260 more requests needed.",
    );
  });

  it("has its confidence where enough requests pass, and names what fails beyond", () => {
    const cells = [cell(1, 1, 1), cell(4, 1, 1), cell(8, 0.8, 1)];
    const [serving] = servedUsers(cells, timed, judging(100, { 8: 20 }));
    expect(serving).toMatchObject({ users: 4, isAtLeast: false });
    expect(serving?.sentence).toMatch(
      /^With a think time of 0 s the function serves 4 users within the clients' time limit of 25 s \(95% confident\)\. There,/,
    );
    expect(serving?.sentence).toContain("With 8 users it does not: success 80.0%.");
  });

  it("serves at least that many if the load generator was at its limit where users fail", () => {
    const busy = cell(8, 0.8, 1, { generatorSaturated: ["the load generator's machine was 95% busy"] });
    const [serving] = servedUsers([cell(4, 1, 1), busy], timed, judging(100, { 8: 20 }));
    expect(serving).toMatchObject({ users: 4, isAtLeast: true });
    expect(serving?.answer).toContain("serves at least 4 users");
    expect(serving?.sentence).toContain("so the function may serve more");
  });
});

test("judgeCell() says why a cell does not serve its users", () => {
  expect(judgeCell(cell(4, 1, 1, { crashedClients: 2 }), limits).broken).toEqual(["2 of 4 clients crashed"]);
  expect(judgeCell(cell(4, 0.9, 26), limits).broken).toEqual(["success 90.0%", "p95 26.00 s"]);
  expect(judgeCell(cell(4, 1, 1), limits)).toEqual({ verdict: "passes", broken: [] });
});

describe("servingLimits()", () => {
  const limitsOf = (...texts: string[]) => servingLimits(texts.map(parseThreshold), 25);

  it("default to 99% and the clients' own limit, and says so", () => {
    expect(limitsOf()).toMatchObject({ successRate: 0.99, p95Seconds: 25 });
    expect(limitsOf().source).toBe(
      "Defaults: 99% success; 25 s, the clients' own time limit. Set a threshold such as p95<2s to be stricter.",
    );
  });

  it("are the strictest thresholds for every cell", () => {
    const found = limitsOf(
      "successRate>=0.9",
      "successRate>=95%",
      "p95<2s",
      "p95<=800ms",
      "cell(users=4).p95<1ms",
      "mean<1s",
    );
    expect(found).toMatchObject({ successRate: 0.95, p95Seconds: 0.8 });
    expect(found.source).toBe(
      "Set by the thresholds successRate>=0.9, successRate>=95%, p95<2s, p95<=800ms.",
    );
  });
});
