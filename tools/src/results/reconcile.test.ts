import { parseThreadName } from "@slbench/analyzer";
import { describe, expect, test } from "vitest";
import type { JournalData, UserData } from "./cell-data.ts";
import { describeLoss, reconcile } from "./reconcile.ts";

const workers = ["10.0.0.2:8001", "10.0.0.3:8001"];
const good: UserData["sample"] = { responseCode: "0", success: true };
const report = (requests: number) => ({ requests, successful: requests });
const journal = (requests: number, cutShort?: string): JournalData => ({
  head: {} as JournalData["head"],
  requests: Array.from({ length: requests }, (_, index) => ({ sequence: index + 1 }) as never),
  ended: true,
  problems: [],
  ...(cutShort !== undefined && { cutShort }),
});
const user = (worker: number, number: number, more: Partial<UserData> = {}): UserData => ({
  ...{ worker, user: number, sample: good, report: report(5), journal: journal(5) },
  ...more,
});
const lostUser = (worker: number, number: number, requests?: number): UserData => ({
  ...{ worker, user: number },
  ...(requests !== undefined && { journal: journal(requests) }),
});
const check = (data: readonly UserData[], more: object = {}) =>
  reconcile({ cellName: "u03", users: 3, requestsPerUser: 5, workers, data, ...more });
const codes = (data: readonly UserData[], more: object = {}) =>
  check(data, more).warnings.map((warning) => warning.code);

describe("reconcile()", () => {
  const whole = [user(1, 1), user(1, 2), user(2, 1)];

  test("returns no warning if all counts agree", () => {
    expect(check(whole, { gatewayRequests: 15 })).toEqual({
      ...{ plannedUsers: 3, samples: 3, reports: 3, journals: 3 },
      ...{ plannedRequests: 15, reportedRequests: 15, journalRequests: 15, gatewayRequests: 15 },
      ...{ lost: [], warnings: [] },
    });
  });

  test("misses nothing in a cell that was ended early", () => {
    const cut = user(1, 1, { report: report(2), journal: journal(2, "SIGTERM") });
    expect(check([cut, user(2, 1)], { wasEnded: true, gatewayRequests: 8 })).toMatchObject({
      ...{ plannedRequests: 15, reportedRequests: 7, journalRequests: 7, gatewayRequests: 8 },
      ...{ lost: [], warnings: [] },
    });
  });

  test("counts a host's lost users and requests, and what the journals still hold", () => {
    const { lost } = check([user(1, 1), lostUser(1, 2, 3), user(2, 1)]);
    expect(lost).toEqual([
      {
        ...{ host: workers[0], plannedUsers: 2, lostUsers: 1 },
        ...{ plannedRequests: 10, recoveredRequests: 3, lostRequests: 2 },
      },
    ]);
    expect(describeLoss(lost[0]!)).toBe(
      "10.0.0.2:8001: 1 of 2 users, 2 requests lost (3 recovered from its clients' journals)",
    );
  });

  test("uses a whole journal in place of a sample that JMeter lost", () => {
    const { lost, warnings } = check([user(1, 1), lostUser(1, 2, 5), user(2, 1)]);
    expect(lost).toEqual([]);
    expect(warnings.map(({ code }) => code)).toEqual(["RECONCILE_RECOVERED"]);
  });

  test.each([
    ["a worker without any trace", [user(1, 1), user(1, 2)], ["RECONCILE_LOST"]],
    ["more users than planned", [...whole, user(2, 2)], ["RECONCILE_TOO_MANY_USERS"]],
    ["users of no worker", [...whole, user(0, 1)], ["RECONCILE_STRANGER"]],
    [
      "a crash that JMeter calls a success",
      [user(1, 1), user(1, 2), user(2, 1, { sample: { responseCode: "1", success: true } })],
      ["CLIENT_CRASHED"],
    ],
    [
      "no report",
      [user(1, 1), user(1, 2), { worker: 2, user: 1, sample: good, journal: journal(5) }],
      ["CLIENT_NO_REPORT"],
    ],
    [
      "journal and report differ",
      [...whole.slice(0, 2), user(2, 1, { journal: journal(4) })],
      ["RECONCILE_JOURNAL"],
    ],
  ])("warns of %s", (_name, data, expected) => {
    expect(codes(data as UserData[])).toEqual(expected);
  });

  test("warns if the gateway counted more requests than the clients sent", () => {
    expect(codes(whole, { gatewayRequests: 16 })).toEqual(["RECONCILE_GATEWAY"]);
  });

  test("expects a request without a report if a client was cut short", () => {
    const data = [user(1, 1), user(1, 2), user(2, 1, { report: report(4), journal: journal(4, "SIGTERM") })];
    expect(codes(data, { gatewayRequests: 15 })).toEqual(["RECONCILE_LOST"]);
  });
});

describe("parseThreadName()", () => {
  test.each([
    ["10.0.0.3:8001-Users 1-2", { worker: 2, user: 2 }],
    ["10.0.0.2:8001-Users 1-11", { worker: 1, user: 11 }],
    ["10.0.0.4:8001-Users 1-1", undefined],
    ["Users 1-1", undefined],
  ])("%s", (name, expected) => {
    expect(parseThreadName(name, workers)).toEqual(expected);
  });
});
