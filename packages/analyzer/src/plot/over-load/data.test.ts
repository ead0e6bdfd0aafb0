import { describe, expect, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { loadLines, meanRoundTrip, successPercent } from "./data.ts";
import { USERS } from "./load.ts";

const cell = (users: number, thinkTimeSeconds: number, more: object) =>
  ({ users, thinkTimeSeconds, successRate: {}, roundTripSeconds: { count: 0 }, ...more }) as CellSummary;

describe("loadLines()", () => {
  test("has a line per think time, without cells that have no value", () => {
    const cells = [
      cell(1, 5, { roundTripSeconds: { count: 1, mean: 0.5 }, roundTripInterval: { low: 0.4, high: 0.6 } }),
      cell(2, 0, { roundTripSeconds: { count: 1, mean: 2 } }),
      cell(1, 0, {}),
    ];
    expect(loadLines(cells, meanRoundTrip, USERS)).toEqual([
      { key: 0, points: [{ load: 2, value: 2 }] },
      { key: 5, points: [{ load: 1, value: 0.5, interval: { low: 0.4, high: 0.6 } }] },
    ]);
  });

  test("has drawn think times apart from constant ones of the same mean", () => {
    const one = (thinkTime?: string) =>
      cell(1, 5, { roundTripSeconds: { count: 1, mean: 2 }, ...(thinkTime && { thinkTime }) });
    const lines = loadLines([one("exponential:5"), one()], meanRoundTrip, USERS);
    expect(lines.map(({ key }) => USERS.nameOf(key))).toEqual(["think time 5 s", "think time exponential:5"]);
  });

  test("keeps a success rate of 0", () => {
    const failed = cell(1, 0, { successRate: { meanOverClients: 0, interval: { low: 0, high: 0.25 } } });
    expect(loadLines([failed], successPercent, USERS)[0]?.points).toEqual([
      { load: 1, value: 0, interval: { low: 0, high: 25 } },
    ]);
  });
});
