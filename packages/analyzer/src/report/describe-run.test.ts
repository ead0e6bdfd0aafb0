import { expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import { runMethods, runSubject } from "./describe-run.ts";

const methods = (...conditions: readonly object[]): string => {
  const { summary, ...analysis } = analyze([]);
  const cells = conditions.map((condition) => ({
    ...{ users: 1, thinkTimeSeconds: 0, clients: 1, requests: { sent: 9 }, ...condition },
  }));
  return runMethods({ requestsPerUser: 7408 }, {
    ...analysis,
    summary: { ...summary, cells },
  } as unknown as ReturnType<typeof analyze>);
};

it("names think times that are not constant", () => {
  const text = methods({ thinkTimeSeconds: 5 }, {}, { thinkTimeSeconds: 6, thinkTime: "idle:60/10" });
  expect(text).toContain("with think times of 0, 5 s, idle:60/10.");
});

it("counts requests with separators, and names no version that is not known", () => {
  const text = methods({ clients: 4, requests: { sent: 12_345 } });
  expect(text).toContain("4 clients sent 12,345 requests in all.");
  expect(text).toContain("virtual users, each sent 7,408 requests, with");
  expect(text).toContain("was measured with slbench.");
});

it("names the bursts of an open loop", () => {
  const text = methods({ ratePerSecond: 1, process: "bursts:20/60" });
  expect(text).toContain("arrived at 1 per second (arrival process: bursts of 20 every 60 s)");
});

test.each([
  ["http://127.0.0.1:8080/function/slblur", "slblur"],
  ["https://gateway.example/function/ocr.team?x=1", "ocr.team"],
  ["http://127.0.0.1:8090/", "quick"],
  ["http://127.0.0.1:8090/classify", "quick"],
])("the function at %s is asked about as %s", (url, name) => {
  expect(runSubject({ experiment: "quick", function: { url } })).toBe(name);
});
