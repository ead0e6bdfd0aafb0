import { XMLParser } from "fast-xml-parser";
import { describe, expect, it, test } from "vitest";
import { renderJunit, renderMarkdown, renderThresholds } from "../report/thresholds.ts";
import type { CellSummary } from "../summary/cell.ts";
import { checkThresholds, parseThreshold } from "./threshold.ts";

const cell = (users: number, rate: number, mean: number): CellSummary => ({
  users,
  thinkTimeSeconds: 1,
  clients: users,
  crashedClients: 0,
  requests: { sent: 10, answered: 10, failed: 0 },
  successRate: { meanOverClients: rate, overRequests: rate },
  roundTripSeconds: { count: 10, mean, median: mean, p95: 2 * mean },
  handlerSeconds: { count: 0 },
  mlSeconds: { count: 0 },
});
const cells = [cell(1, 1, 0.5), cell(4, 0.97, 1.2)];

describe("parseThreshold()", () => {
  test.each([
    ["successRate>=0.99", { metric: "successRate", comparison: ">=", limit: 0.99 }],
    [" p95 < 2s ", { metric: "p95", comparison: "<", limit: 2 }],
    ["successRate >= 99 %", { metric: "successRate", limit: 0.99 }],
    ["cell(users=4).mean<500ms", { metric: "mean", users: 4, limit: 0.5 }],
    ["cell(users=4, think=0.5).crashedClients<=0", { users: 4, thinkTimeSeconds: 0.5, limit: 0 }],
  ])("%s", (text, wanted) => {
    expect(parseThreshold(text)).toMatchObject(wanted);
  });

  test.each(["p95", "p95=2", "speed<2s", "cell(workers=2).mean<1s", "p95<two", "", "cell(users=4.mean<1"])(
    "refuses %j and says how it is written",
    (text) => {
      expect(() => parseThreshold(text)).toThrow(
        expect.objectContaining({ code: "THRESHOLD_WRONG", hint: expect.stringContaining("p95<2s") }),
      );
    },
  );
});

describe("checkThresholds()", () => {
  const check = (...texts: string[]) => checkThresholds(cells, texts.map(parseThreshold));

  it("holds one against every cell, or the cell it names", () => {
    expect(check("successRate>=0.99").map(({ passed }) => passed)).toEqual([true, false]);
    expect(check("cell(users=4).mean<1s")).toEqual([
      {
        threshold: "cell(users=4).mean<1s",
        cell: { users: 4, thinkTimeSeconds: 1 },
        value: 1.2,
        passed: false,
        found: "1.2",
      },
    ]);
  });

  it("fails where there is no such cell or figure", () => {
    expect(check("cell(users=7).mean<1s")[0]).toMatchObject({
      passed: false,
      found: expect.stringContaining("no cell"),
    });
    expect(check("throughput>1")[0]).toMatchObject({ passed: false, found: "not known" });
  });

  test("the table, JUnit's XML and Markdown say the same", () => {
    const results = check("p95<2s", "cell(users=1).mean<1s");
    expect(renderThresholds(results)).toBe(
      "      threshold              cell             found\npass  p95<2s                 users=1 think=1  1\nFAIL  p95<2s                 users=4 think=1  2.4\npass  cell(users=1).mean<1s  users=1 think=1  0.5\n",
    );
    const { testsuites } = new XMLParser({ ignoreAttributes: false }).parse(renderJunit("a & b", results));
    expect(testsuites.testsuite).toMatchObject({ "@_name": "a & b", "@_tests": "3", "@_failures": "1" });
    expect(testsuites.testsuite.testcase[1]).toMatchObject({
      "@_name": "p95<2s",
      failure: { "@_message": "found 2.4" },
    });
    const markdown = renderMarkdown("run", cells, results);
    expect(markdown).toContain("**1 of 3 thresholds fail.**");
    expect(markdown).toContain("| **FAIL** | p95\\<2s | users=4 think=1 | 2.4 |");
  });
});
