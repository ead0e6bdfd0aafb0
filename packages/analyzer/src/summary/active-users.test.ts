import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import { steadyParts } from "../clients/steady-part.ts";
import { parseLog } from "../log/log.ts";
import { renderHtml } from "../report/html.ts";
import { servingLimits } from "../report/serving/limits.ts";
import { servedUsers } from "../report/serving/served.ts";
import { renderTable } from "../report/table.ts";
import { renderMarkdown } from "../report/thresholds.ts";
import { clientsOf, type TestClient, testClient } from "../testing/clients.ts";
import { checkThresholds, parseThreshold } from "../thresholds/threshold.ts";
import { meanActiveUsers } from "./active-users.ts";
import { summarizeCell } from "./summarize-cell.ts";

describe("meanActiveUsers()", () => {
  test.each<[name: string, clients: readonly TestClient[], mean: number]>([
    ["counts users that start together in full", [{ roundTrips: [1, 1] }, { roundTrips: [1, 1] }], 2],
    ["counts thinking users", [{ roundTrips: [0.1, 0.1], thinkSeconds: 9.8 }], 1],
    ["counts the time without any user", [{ roundTrips: [1] }, { startSeconds: 3, roundTrips: [1] }], 0.5],
    [
      "weights repetitions by their length",
      [
        { roundTrips: [1] },
        { startSeconds: 1, roundTrips: [1] },
        ...[2, 2].map((repetition) => ({ repetition, startSeconds: 100, roundTrips: [6] })),
      ],
      (2 + 12) / (2 + 6),
    ],
    [
      "counts users of an open loop between their first start and last response",
      [{ roundTrips: [1, 1, 1], change: (request) => ({ ...request, lateSeconds: 0 }) }],
      1,
    ],
  ])("%s", (_, clients, mean) => {
    expect(meanActiveUsers(clientsOf(...clients))).toBeCloseTo(mean, 6);
  });

  it("is the number of users in the steady part", () => {
    const clients = clientsOf({ roundTrips: [1, 1, 1, 1, 1] }, { startSeconds: 2, roundTrips: [1, 1, 1, 1] });
    expect(meanActiveUsers(clients)).toBeCloseTo(16 / 9, 6);
    expect(meanActiveUsers(clients, steadyParts(clients))).toBeCloseTo(2, 6);
  });

  it("counts a user that is cut short up to the end of its wait", () => {
    const [whole, cut] = clientsOf({ roundTrips: [5] }, { roundTrips: [1] });
    const startEpochMicros = cut?.requests?.numbers("startEpochMicros")[0] as number;
    const unfinished = [{ sequence: 2, startEpochMicros: startEpochMicros + 2e6, waitedSeconds: 3 }];
    const endedEarly = { plannedRequests: 2, why: "SIGTERM", unfinished };
    const clients = [whole!, cut!.with({ endedEarly })];
    expect(meanActiveUsers(clients)).toBeCloseTo(2, 6);
  });

  it("is unknown without times, without requests and without duration", () => {
    const times = { sent: 1, successful: 1, roundTripSeconds: [1], handlerSeconds: [], mlSeconds: [] };
    const untimed = testClient({ roundTrips: [1] }).withTimes(times);
    expect(meanActiveUsers([...clientsOf({ roundTrips: [1] }), untimed])).toBeUndefined();
    expect(meanActiveUsers([])).toBeUndefined();
  });
});

describe("eight users at 0.25/s against a function of 80 ms", () => {
  /** Each has ended long before the next one starts: 40 responses of 80 ms take 3.2 s of 4 s. */
  const input = {
    ...{ users: 8, thinkTimeSeconds: 0, repetition: 1, source: "u08" },
    log: {
      ...parseLog('<testResults version="1.2"></testResults>', "u08"),
      hasReports: true,
      clients: clientsOf(
        ...Array.from({ length: 8 }, (_, index) => ({
          startSeconds: 4 * index,
          thinkSeconds: 0,
          roundTrips: new Array<number>(40).fill(0.08),
        })),
      ),
    },
  };
  const { summary } = analyze([input]);
  const limits = servingLimits([], 25);

  it("has 0.82 active users in summary.json, and warns about it first", () => {
    expect(summary.cells[0]?.meanActiveUsers).toBeCloseTo((8 * 3.2) / 31.2, 6);
    expect(summary.warnings[0]).toMatchObject({
      code: "USERS_NOT_TOGETHER",
      message: expect.stringContaining("only 0.82 of 8 users were active on average"),
    });
  });

  it("never counts as serving 8 users", () => {
    const [serving] = servedUsers(summary.cells, limits);
    expect(serving?.users).toBeUndefined();
    expect(serving?.sentence).toBe(
      "With a think time of 0 s the cells do not show how many users the function serves. With 8 users nothing is shown: only 0.82 of 8 users were active on average.",
    );
    const page = renderHtml(summary, { title: "x", limits, facts: [], figures: [] });
    expect(page).not.toMatch(/serves 8 users/);
    expect(page).toContain(">? not shown<");
  });

  it("does not hide a smaller number of users that is shown", () => {
    const one = analyze([
      { ...input, users: 1, log: { ...input.log, clients: input.log.clients.slice(0, 1) } },
    ]);
    const [serving] = servedUsers([...one.summary.cells, ...summary.cells], limits);
    expect(serving).toMatchObject({ users: 1, isAtLeast: true });
    expect(serving?.sentence).toMatch(
      /serves at least 1 user within .* With 8 users nothing is shown: only 0\.82/,
    );
    expect(serving?.sentence).not.toContain("the most that was measured");
  });

  it("is marked in the table, in Markdown and in what thresholds find", () => {
    expect(renderTable(summary.cells)).toContain("320/320 (0.82 active)");
    expect(renderMarkdown("x", summary.cells, [])).toMatch(/^## x\n\n\*\*8 users, .*only 0\.82 of 8 users/);
    const [result] = checkThresholds(summary.cells, [parseThreshold("successRate>=0.99")]);
    expect(result).toMatchObject({
      verdict: "pass",
      found: "100%; only 0.82 of 8 users were active on average",
    });
  });

  it("keeps its active users whatever requests are selected", () => {
    const filtered = analyze([input], { filter: "sequence>20" });
    expect(filtered.summary.cells[0]?.meanActiveUsers).toBeCloseTo((8 * 3.2) / 31.2, 6);
  });
});

test("users that start one after the other and then stay together are called together", () => {
  const clients = clientsOf(
    ...[0, 1, 2].map((startSeconds) => ({ startSeconds, roundTrips: new Array<number>(40).fill(0.5) })),
  );
  const cell = summarizeCell({ condition: { users: 3, thinkTimeSeconds: 1 }, clients });
  expect(cell.meanActiveUsers).toBeGreaterThan(0.9 * 3);
  expect(servedUsers([cell], servingLimits([], 25))[0]?.users).toBe(3);
});
