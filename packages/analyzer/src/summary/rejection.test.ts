import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import { findRejection, type RejectableRequest, sharedRejection } from "../core/rejection.ts";
import { parseLog } from "../log/log.ts";
import { servingLimits } from "../report/serving/limits.ts";
import { servedUsers } from "../report/serving/served.ts";
import { renderTable } from "../report/table.ts";
import { testClient } from "../testing/clients.ts";

const http = (status: number): RejectableRequest => ({
  outcome: "http-error",
  status,
  message: `HTTP ${status}`,
});
const bad: RejectableRequest = { outcome: "invalid-response", status: 200, message: "it has no picture" };

describe("findRejection()", () => {
  test.each<[name: string, requests: readonly RejectableRequest[], reason: string | undefined]>([
    ["finds responses that are not as they should be", [bad, bad], "invalid-response"],
    ["finds wrong answers", [{ outcome: "wrong-answer" }], "wrong-answer"],
    ["finds a client error", [http(401), http(401)], "http-error 401"],
    ["finds a redirection", [http(301)], "http-error 301"],
    ["finds that nothing could be connected to", [{ outcome: "connect-error" }], "connect-error"],
    ["finds no rejection with two reasons", [http(401), http(403)], undefined],
    ["finds no rejection with one success", [bad, { outcome: "ok" }], undefined],
    ["leaves out what load may cause: 408", [http(408)], undefined],
    ["leaves out what load may cause: 429", [http(429), http(429)], undefined],
    ["leaves out what load may cause: 503", [http(503)], undefined],
    ["leaves out what load may cause: time-outs", [{ outcome: "timeout" }], undefined],
    ["leaves out what load may cause: lost connections", [{ outcome: "connection-closed" }], undefined],
    ["leaves out time-outs among rejections", [bad, { outcome: "timeout" }], undefined],
    ["finds nothing without requests", [], undefined],
  ])("%s", (_, requests, reason) => {
    expect(findRejection(requests)?.reason).toBe(reason);
  });

  it("keeps the message of the first one", () => {
    expect(findRejection([bad, { ...bad, message: "other" }])).toEqual({
      reason: "invalid-response",
      message: "it has no picture",
    });
  });
});

test("sharedRejection() needs the same reason of every client", () => {
  expect(sharedRejection([{ reason: "a" }, { reason: "a", message: "x" }])).toEqual({ reason: "a" });
  expect(sharedRejection([{ reason: "a" }, { reason: "b" }])).toBeUndefined();
  expect(sharedRejection([{ reason: "a" }, undefined])).toBeUndefined();
  expect(sharedRejection([])).toBeUndefined();
});

describe("a cell in which every response lacks its picture", () => {
  const clients = ["w1-u1", "w1-u2"].map((user) =>
    testClient({ user, roundTrips: [0.1, 0.1], change: (request) => ({ ...request, ...bad }) }),
  );
  const log = { ...parseLog('<testResults version="1.2"></testResults>', "x"), hasReports: true, clients };
  const { summary } = analyze([{ users: 2, thinkTimeSeconds: 1, repetition: 1, source: "x", log }]);

  it("is as the published schema says", () => {
    const file = new URL("../../summary.schema.json", import.meta.url);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(file, "utf8")));
    expect(validate(JSON.parse(JSON.stringify(summary)))).toBe(true);
  });

  it("names the reason in summary.json, first among the warnings, in the headline and in the table", () => {
    expect(summary.cells[0]?.rejection).toEqual({ reason: "invalid-response", message: "it has no picture" });
    expect(summary.warnings[0]).toMatchObject({
      code: "RESPONSES_REJECTED",
      message: "all 4 requests were rejected: invalid-response (it has no picture)",
    });
    const [serving] = servedUsers(summary.cells, servingLimits([], 25));
    expect(serving?.sentence).toBe(
      "With a think time of 1 s every request of 2 users was rejected: invalid-response (it has no picture). How many users the function serves was not measured.",
    );
    expect(serving?.sentence).not.toMatch(/does not even serve/);
    expect(renderTable(summary.cells)).toContain("0/4 (invalid-response)");
  });
});
