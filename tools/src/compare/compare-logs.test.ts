import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ALL_SAMPLES, compareLogs, type MeasuredLogs, readMeasuredLogs } from "./compare-logs.ts";
import { checkFailRules, parseFailRule, renderFailRules } from "./fail-if.ts";
import { renderLogComparison } from "./render-comparison.ts";
import { labelsOf, renderTrend, trendOf } from "./trend.ts";

const HEAD = "timeStamp,elapsed,label,responseCode,responseMessage,threadName,success";
const DAY_MS = 86_400_000;

/** 40 samples of two labels, the slow one so many times as slow; one in ten of it fails. */
function log(factor: number, run: number): string {
  const rows = Array.from({ length: 40 }, (_, index) => {
    const isSlow = index % 2 === 1;
    const elapsed = Math.round((isSlow ? 500 * factor : 100) + 2 * ((index * 7 + run * 3) % 5));
    const at = 1_700_000_000_000 + run * DAY_MS + 1000 * index;
    return `${at},${elapsed},${isSlow ? "pay" : "home"},200,OK,Users 1-1,${index % 20 !== 1}`;
  });
  const extra = factor === 1 ? "" : `\n${1_700_000_000_000 + run * DAY_MS},9,new,200,OK,Users 1-1,true`;
  return `${[HEAD, ...rows].join("\n")}${extra}\n`;
}

let folder = "";
let before: MeasuredLogs;
let after: MeasuredLogs;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "slbench-"));
  for (const [name, factor, first] of [
    ["before", 1, 0],
    ["after", 1.5, 3],
  ] as const) {
    mkdirSync(join(folder, name));
    for (const run of [0, 1, 2]) writeFileSync(join(folder, name, `${run}.jtl`), log(factor, first + run));
  }
  before = await readMeasuredLogs(join(folder, "before"));
  after = await readMeasuredLogs(join(folder, "after"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("compareLogs()", () => {
  it("finds the label that became slower, and calls the other one equivalent", () => {
    const { labels, onlyOnce } = compareLogs(before, after, 0.1);
    expect(labels.map(({ label, mean }) => [label, mean?.verdict])).toEqual([
      ["home", "equivalent"],
      ["pay", "higher"],
      [ALL_SAMPLES, "higher"],
    ]);
    expect(labels[1]?.mean?.ratio).toBeCloseTo(1.5, 1);
    expect(labels[1]?.success).toMatchObject({ first: 0.9, second: 0.9 });
    expect(onlyOnce).toEqual(["new"]);
  });

  it("decides nothing from one log on each side", async () => {
    const [one, other] = await Promise.all(
      ["before", "after"].map((name) => readMeasuredLogs(join(folder, name, "0.jtl"))),
    );
    const comparison = compareLogs(one as MeasuredLogs, other as MeasuredLogs, 0.1);
    expect(new Set(comparison.labels.map(({ mean }) => mean?.verdict))).toEqual(new Set(["undecided"]));
    expect(renderLogComparison(comparison)).toContain("not enough runs: at least 3 each are needed");
  });

  it("is rendered in 80 columns, and checked by --fail-if", () => {
    const comparison = compareLogs(before, after, 0.1);
    const lines = renderLogComparison({ ...comparison, first: { name: "before", logs: 3 } }).split("\n");
    expect(lines[0]).toBe("A: before (3 logs)");
    expect(Math.max(...lines.slice(2).map(({ length }) => length))).toBeLessThanOrEqual(80);
    const [home, pay] = checkFailRules(comparison, [parseFailRule("mean slower 20%")]);
    expect([home, pay]).toMatchObject([
      { cell: "home", verdict: "passes" },
      { cell: "pay", verdict: "fails" },
    ]);
  });
});

describe("trendOf()", () => {
  it("orders results by their start, and compares the last one with all earlier ones", () => {
    const trends = trendOf([after, before].map(labelsOf), 0.1);
    const pay = trends.find(({ name }) => name === "pay");
    expect(pay?.results.map(({ started }) => started)).toEqual([
      "2023-11-14T22:13:20.000Z",
      "2023-11-17T22:13:20.000Z",
    ]);
    expect(pay?.results.map(({ meanSeconds }) => meanSeconds.toFixed(2))).toEqual(["0.50", "0.75"]);
    expect(pay?.last.mean?.verdict).toBe("higher");
    expect(trends.map(({ name }) => name)).not.toContain("new");
    expect(renderTrend(trends, 0.1)).toMatch(/last mean: 50% longer \(\d+% to 5\d%\)/);
  });

  it("keeps a label's control characters from the terminal", () => {
    const evil = (one: MeasuredLogs): MeasuredLogs => ({
      ...one,
      labels: one.labels.map((label) => ({ ...label, label: `\u001b[2J\n${label.label}\u202e` })),
    });
    const comparison = compareLogs(evil(before), evil(after), 0.1);
    const rules = checkFailRules(comparison, [parseFailRule("mean slower 20%")]);
    const texts = [
      renderLogComparison(comparison),
      renderTrend(trendOf([before, after].map(evil).map(labelsOf), 0.1), 0.1),
      renderFailRules(rules),
    ];
    for (const text of texts) expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  it("says so if nothing is in two results", () => {
    expect(renderTrend(trendOf([labelsOf(before)], 0.1), 0.1)).toContain("No cell or label");
  });
});
