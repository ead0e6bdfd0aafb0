import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { MIN_ONE_RUN_COVERAGE } from "../src/stats/scope.ts";
import { judgeClaim, WRONG_VERDICTS } from "./claims.ts";
import { judgeAll } from "./findings.ts";
import { knownMiss } from "./known-misses.ts";
import { renderPage } from "./page.ts";
import { runSuite, type SuiteResult, type SuiteSize } from "./suite.ts";
import { runTask } from "./tasks.ts";

/** Scenarios by their index: usual, first come first served, time-outs, slow phases, users that never meet. */
const SHORT: SuiteSize = {
  seed: 3,
  truthRuns: 150,
  experiments: 40,
  changes: 40,
  scenarios: [1, 4, 8, 12, 14],
};
let result: SuiteResult;

beforeAll(async () => {
  result = await runSuite(SHORT, async (tasks) => tasks.map(runTask));
}, 600_000);

it("keeps every claim within the error of the short suite, but for known misses", () => {
  const judged = judgeAll(result);
  expect(judged.length).toBeGreaterThan(200);
  const misses = judged.filter((one) => one.finding === "miss" && knownMiss(one) === undefined);
  expect(misses.map(({ section, row, column, count }) => ({ section, row, column, count }))).toEqual([]);
});

it("shows no interval of users that never meet", () => {
  const never = judgeAll(result).filter(
    ({ row, section }) => row.includes("never meet") && section.startsWith("Intervals"),
  );
  expect(never.length).toBeGreaterThan(10);
  expect(never.every(({ finding }) => finding === "not shown")).toBe(true);
});

it("writes each claim into the page", () => {
  const page = renderPage(result, SHORT);
  const cells = page.replaceAll(/ +/g, " ");
  for (const { section, row } of judgeAll(result)) {
    expect(page).toContain(`## ${section}`);
    expect(cells).toContain(`| ${row} |`);
  }
});

it("pads the columns of each table, so that the formatter leaves the page alone", () => {
  const tables = renderPage(result, SHORT).match(/^\|.*\n(?:\|.*\n)+/gm) ?? [];
  expect(tables.length).toBeGreaterThan(10);
  for (const table of tables) {
    const [head = "", ...lines] = table.trimEnd().split("\n");
    for (const line of lines) expect(line).toHaveLength(head.length);
  }
});

it("judgeClaim() finds a wrong share and allows for chance", () => {
  const count = (hits: number, trials: number) => ({ hits, trials, withheld: 0 });
  const coverage = { kind: "holds", nominal: 0.95, tolerance: 0.03 } as const;
  expect(judgeClaim(coverage, count(850, 1000))).toBe("miss");
  expect(judgeClaim(coverage, count(910, 1000))).toBe("right");
  expect(judgeClaim(coverage, count(1000, 1000))).toBe("wide");
  expect(judgeClaim(coverage, count(0, 0))).toBe("not shown");
  expect(judgeClaim(WRONG_VERDICTS, count(90, 1000))).toBe("miss");
  expect(judgeClaim(WRONG_VERDICTS, count(65, 1000))).toBe("right");
  expect(judgeClaim({ kind: "at least", nominal: 0.9, tolerance: 0 }, count(800, 1000))).toBe("miss");
});

it("states the lowest coverage within one run that docs/calibration.md has", () => {
  const page = readFileSync(new URL("../../../docs/calibration.md", import.meta.url), "utf8");
  const sections = page.split("\n## ").filter((text) => text.startsWith("Intervals of"));
  const shares = sections.flatMap((text) => {
    const rows = text.split("\n").filter((line) => line.startsWith("|"));
    const cells = rows.map((line) => line.split("|").map((cell) => cell.trim()));
    const column = cells[0]?.indexOf("within 1 run") ?? -1;
    return cells.flatMap((row) => /\d\.\d{3}/.exec(row[column] ?? "")?.map(Number) ?? []);
  });
  expect(shares.length).toBeGreaterThan(40);
  expect(Math.floor(100 * Math.min(...shares)) / 100).toBe(MIN_ONE_RUN_COVERAGE);
});
