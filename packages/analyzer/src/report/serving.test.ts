import { describe, expect, it, test } from "vitest";
import type { CellSummary } from "../summary/cell.ts";
import { parseThreshold } from "../thresholds/threshold.ts";
import { brokenLimits, servedUsers, servingLimits } from "./serving.ts";

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
])("servedUsers(): %s", (_, cells, users, isMost) => {
  const [serving] = servedUsers(cells, limits);
  expect(serving?.users).toBe(users);
  expect(serving?.isMost).toBe(isMost);
});

test("servedUsers() answers per think time, in words, with what happens beyond", () => {
  const found = servedUsers(
    [cell(1, 1, 1), cell(2, 0.83, 25), { ...cell(2, 1, 3), thinkTimeSeconds: 5 }],
    limits,
  );
  expect(found.map(({ thinkTimeSeconds }) => thinkTimeSeconds)).toEqual([0, 5]);
  expect(found[0]?.sentence).toBe(
    "With a think time of 0 s the function serves 1 user with 95% of the round trips within 25 s. There, 100 of 100 requests succeeded, and 95% of the round trips took at most 1.00 s. With 2 users, the success rate is 83.0% and 95% of the round trips take at most 25.00 s.",
  );
  expect(found[1]?.sentence).toContain("serves 2 users, the most that was measured, with");
});

test("the answer itself names the time limit, and requests too few to rule a failure out", () => {
  const seen = cell(8, 1, 0.45, {
    successRate: { meanOverClients: 1, overRequests: 1, interval: { low: 0.987, high: 1 } },
  } as Partial<CellSummary>);
  const [serving] = servedUsers([seen], { ...limits, isTimeLimit: true });
  expect(serving?.sentence).toMatch(
    /^With a think time of 0 s the function serves 8 users, the most that was measured, within the clients' time limit of 25 s \(100 requests are too few to be sure: the true success rate could be as low as 98\.7%\)\. There,/,
  );
});

test("brokenLimits() says why a cell does not serve its users", () => {
  expect(brokenLimits(cell(4, 1, 1, { crashedClients: 2 }), limits)).toEqual(["2 of 4 clients crashed"]);
  expect(brokenLimits(cell(4, 0.9, 26), limits)).toEqual(["success 90.0%", "p95 26.00 s"]);
  expect(brokenLimits(cell(4, 1, 1), limits)).toEqual([]);
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
