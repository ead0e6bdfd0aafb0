import { XMLParser } from "fast-xml-parser";
import { describe, expect, it, test } from "vitest";
import type { LabelSummary } from "../log/label-figures.ts";
import { renderJunit, renderMarkdown, renderThresholds } from "../report/thresholds.ts";
import type { CellSummary } from "../summary/cell.ts";
import { checkPlainLogs } from "./check-plain-logs.ts";
import { checkThresholds, generalLimits, parseThreshold } from "./threshold.ts";

const cell = (users: number, rate: number, mean: number): CellSummary => ({
  users,
  thinkTimeSeconds: 1,
  part: "whole",
  quantileIntervals: {},
  runs: [],
  clients: users,
  crashedClients: 0,
  requests: { sent: 10, successful: 10, failed: 0 },
  successRate: { meanOverClients: rate, overRequests: rate },
  roundTripSeconds: { count: 10, mean, median: mean, p95: 2 * mean },
  handlerSeconds: { count: 0 },
  mlSeconds: { count: 0 },
});
const cells = [cell(1, 1, 0.5), cell(4, 0.97, 1.2)];

describe("parseThreshold()", () => {
  test.each([
    ["successRate>=0.99", [{ name: "success", operator: ">=", limit: 0.99 }]],
    [" p95 < 2s ", [{ name: "p95", operator: "<", limit: 2 }]],
    ["success >= 99 %", [{ name: "success", operator: ">=", limit: 0.99 }]],
    ["mlSeconds.mean<100ms", [{ name: "mlSeconds.mean", operator: "<", limit: 0.1 }]],
    [
      "errors<1% and p50<1min",
      [
        { name: "errors", operator: "<", limit: 0.01 },
        { name: "median", operator: "<", limit: 60 },
      ],
    ],
    ["cell(users=4).mean<500ms", []],
    ["p95<2s or users<=4", []],
    ["not p95>2s", []],
  ])("%s: the limits for every cell", (text, wanted) => {
    expect(generalLimits(parseThreshold(text))).toEqual(wanted);
  });

  test.each([
    ["p95", "EXPRESSION_SYNTAX", 4],
    ["speed<2s", "EXPRESSION_NAME", 1],
    ["p95.mean<2s", "EXPRESSION_NAME", 1],
    ["mlSeconds.speed<2s", "EXPRESSION_NAME", 1],
    ["cell(machines=2).mean<1s", "EXPRESSION_NAME", 15],
    ["cell(users=two).mean<1s", "EXPRESSION_VALUE", 12],
    ["row(users=2).mean<1s", "EXPRESSION_NAME", 1],
    ["label(name=a).mean<1s", "EXPRESSION_NAME", 12],
    ["p95<two", "EXPRESSION_VALUE", 5],
    ["success>=99", "EXPRESSION_VALUE", 10],
    ["throughput>5s", "EXPRESSION_VALUE", 12],
    ["users<1..4", "EXPRESSION_VALUE", 7],
    ["", "EXPRESSION_SYNTAX", 1],
    ["cell(users=4.mean<1", "EXPRESSION_SYNTAX", 18],
  ])("refuses %j, with exit code 2 and the column", (text, code, column) => {
    expect(() => parseThreshold(text)).toThrow(
      expect.objectContaining({ code, exitCode: 2, context: { expression: text, column } }),
    );
  });
});

describe("checkThresholds()", () => {
  const check = (...texts: string[]) => checkThresholds(cells, texts.map(parseThreshold));

  it("holds one against every cell, or the cell it names", () => {
    expect(check("successRate>=0.99").map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
    expect(check("cell(users=4).mean<1s")).toEqual([
      {
        threshold: "cell(users=4).mean<1s",
        cell: { users: 4, thinkTimeSeconds: 1 },
        value: 1.2,
        verdict: "fail",
        found: "1.2 s",
      },
    ]);
  });

  it("names the labels of a log that has no such label", () => {
    const labels = ["in", "out", "a", "b", "c", "d", "d"].map((label) => ({ label }) as LabelSummary);
    expect(checkPlainLogs({ labels, totals: [] }, [parseThreshold("label(checkout).p95<1s")])).toMatchObject([
      { verdict: "fail", found: "no such label was measured, only in; out; a; b; c; and 1 more" },
    ]);
  });

  it("fails if there is no such cell or figure", () => {
    expect(check("cell(users=7).mean<1s")[0]).toMatchObject({
      verdict: "fail",
      found: expect.stringMatching(/^no such cell was measured, only 1 user, think time/),
    });
    expect(check("throughput>1")[0]).toMatchObject({ verdict: "fail", found: "not known" });
    expect(check("not throughput>1")[0]).toMatchObject({ verdict: "fail" });
    expect(check("firstEvent.p95<500ms")[0]).toMatchObject({ verdict: "fail", found: "not known" });
    expect(check("label(checkout).p95<1s")).toEqual([
      {
        threshold: "label(checkout).p95<1s",
        verdict: "fail",
        found: "no such label was measured",
      },
    ]);
  });

  it.each<
    readonly [string, { readonly mean?: number; readonly rate?: number; readonly sent?: number }, string]
  >([
    ["mean<0.3s", { mean: 0.509841 }, "0.51 s"],
    ["mean<0.3s", { mean: 0.000318 }, "0.00032 s"],
    ["mean<1s", { mean: 1.00004 }, "1.00004 s"],
    ["success>=0.99", { rate: 0.895753 }, "89.58%"],
    ["success>=0.99", { rate: 0.98999 }, "98.999%"],
    ["sent>=1000000", { sent: 123_456 }, "123,456"],
  ])("found for %s: %o as %s, on its side of the limit", (text, { mean = 1, rate = 1, sent = 10 }, found) => {
    const one = { ...cell(1, rate, mean), requests: { sent, successful: sent, failed: 0 } };
    expect(checkThresholds([one], [parseThreshold(text)])[0]?.found).toBe(found);
  });

  it("holds several limits together, and names what it found of each", () => {
    expect(check("success>=0.99 and p95<2s").map(({ verdict, found }) => [verdict, found])).toEqual([
      ["pass", "success 100%, p95 1 s"],
      ["fail", "success 97%, p95 2.4 s"],
    ]);
    expect(check("users>=4 or p95<1s").map(({ verdict }) => verdict)).toEqual(["fail", "pass"]);
    expect(check("cell(users=2..5, think=1).p95<2.5s").map(({ cell: of }) => of?.users)).toEqual([4]);
  });

  describe("with the cells' requests", () => {
    const runs = (requests: number) => [
      {
        roundTripSeconds: Array.from({ length: requests }, (_, index) => 0.5 + (index % 97) / 1000),
        isSuccessful: new Array<number>(requests).fill(1),
      },
    ];
    const judge = (text: string, requests: number, confidence?: number) =>
      checkThresholds([cell(1, 1, 0.5)], [parseThreshold(text)], {
        runsOf: () => runs(requests),
        ...(confidence !== undefined && { confidence }),
      })[0];

    test.each([
      ["success>=0.95", 37, 0.99, "undecided", "100%; not decided, about 53 more requests needed"],
      ["success>=0.95", 90, 0.99, "pass", "100%; within 1 run only"],
      ["success>=0.99", 458, 0.99, "undecided", "100%; not decided, about 1 more request needed"],
      ["success>=0.99", 459, 0.99, "pass", "100%; within 1 run only"],
      ["errors<5%", 59, undefined, "pass", "0%; within 1 run only"],
      ["errors<5%", 58, undefined, "undecided", "0%; not decided, about 1 more request needed"],
      ["success<0.9", 100, undefined, "fail", "100%; within 1 run only"],
      ["not success<0.9", 100, undefined, "pass", "100%; within 1 run only"],
      ["success>=1", 10, undefined, "pass", "100%; within 1 run only"],
      ["throughput>1", 10, undefined, "fail", "not known"],
      ["success>=0.99 and p95<100ms", 400, undefined, "fail", "success 100%, p95 1 s; within 1 run only"],
    ])("%s of %i requests at %s: %s", (text, requests, confidence, verdict, found) => {
      expect(judge(text, requests, confidence)).toMatchObject({ verdict, found });
    });
  });

  it("fails a quantile that lies at the time limit, where it has no interval", () => {
    const run = {
      roundTripSeconds: Array.from({ length: 200 }, (_, index) => (index % 4 === 0 ? 25 : 0.5)),
      isSuccessful: Array.from({ length: 200 }, (_, index) => Number(index % 4 !== 0)),
    };
    const [result] = checkThresholds([cell(1, 0.75, 6)], [parseThreshold("p95<2s")], {
      runsOf: () => [run, run, run],
    });
    expect(result?.verdict).toBe("fail");
  });

  test("the table, JUnit's XML and Markdown say the same", () => {
    const results = check("p95<2s", "cell(users=1).mean<1s");
    expect(renderThresholds(results)).toBe(
      "      threshold              cell             found\npass  p95<2s                 users=1 think=1  1 s\nFAIL  p95<2s                 users=4 think=1  2.4 s\npass  cell(users=1).mean<1s  users=1 think=1  0.5 s\n",
    );
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(renderJunit("a & b", results));
    expect(testsuites.testsuite).toMatchObject({ "@_name": "a & b", "@_tests": "3", "@_failures": "1" });
    expect(testsuites.testsuite.testcase[1]).toMatchObject({
      "@_name": "p95<2s",
      failure: { "@_message": "found 2.4 s" },
    });
    const markdown = renderMarkdown("run", cells, results);
    expect(markdown).toContain("**1 of 3 thresholds fail.**");
    expect(markdown).toContain("| **FAIL** | p95\\<2s | users=4 think=1 | 2.4 s |");
  });
});
