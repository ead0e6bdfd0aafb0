import { describe, expect, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { meanRoundTrip, successPercent, usersLines } from "./data.ts";

const cell = (users: number, thinkTimeSeconds: number, more: object) =>
  ({ users, thinkTimeSeconds, successRate: {}, roundTripSeconds: { count: 0 }, ...more }) as CellSummary;

describe("usersLines()", () => {
  test("has a line per think time, without cells that have no value", () => {
    const cells = [
      cell(1, 5, { roundTripSeconds: { count: 1, mean: 0.5 }, roundTripInterval: { low: 0.4, high: 0.6 } }),
      cell(2, 0, { roundTripSeconds: { count: 1, mean: 2 } }),
      cell(1, 0, {}),
    ];
    expect(usersLines(cells, meanRoundTrip)).toEqual([
      { thinkTimeSeconds: 0, points: [{ users: 2, value: 2 }] },
      { thinkTimeSeconds: 5, points: [{ users: 1, value: 0.5, interval: { low: 0.4, high: 0.6 } }] },
    ]);
  });

  test("keeps a success rate of 0", () => {
    const failed = cell(1, 0, { successRate: { meanOverClients: 0, interval: { low: 0, high: 0.25 } } });
    expect(usersLines([failed], successPercent)[0]?.points).toEqual([
      { users: 1, value: 0, interval: { low: 0, high: 25 } },
    ]);
  });
});
