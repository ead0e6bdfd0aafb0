import { describe, expect, it, test } from "vitest";
import { type ComparedCell, compareResults, type MeasuredResult } from "./compare-results.ts";
import { checkFailRules, parseFailRule } from "./fail-if.ts";
import { renderComparison } from "./render-comparison.ts";

const cell = (users: number, means: readonly number[], more: Partial<ComparedCell> = {}): ComparedCell => ({
  users,
  thinkTimeSeconds: 0,
  runs: means.map((value, index) => ({
    repetition: index + 1,
    sent: 100,
    successful: 100,
    mean: { value },
    p95: { value: 2 * value },
    throughputPerSecond: users / value,
  })),
  ...more,
});
const result = (name: string, ...cells: readonly ComparedCell[]): MeasuredResult => ({
  name,
  run: {},
  cells,
});
const compareCells = (before: readonly ComparedCell[], after: readonly ComparedCell[], margin = 0.1) =>
  compareResults(result("before", ...before), result("after", ...after), margin);

describe("compareResults()", () => {
  it("shows a difference that is larger than runs differ, of each figure", () => {
    const [found] = compareCells([cell(4, [1, 1.02, 0.98])], [cell(4, [1.27, 1.3, 1.25])]).cells;
    expect(found?.mean).toMatchObject({ verdict: "higher", first: 1 });
    expect(found?.mean?.ratio).toBeCloseTo(1.273, 2);
    expect(found?.p95?.verdict).toBe("higher");
    expect(found?.throughput?.verdict).toBe("lower");
  });

  it("gives no verdict for one run on each side, however far they lie apart", () => {
    const [found] = compareCells([cell(7, [0.252])], [cell(7, [0.53])]).cells;
    expect(found?.mean).toEqual({
      first: 0.252,
      second: 0.53,
      ratio: expect.closeTo(2.103, 3),
      verdict: "undecided",
    });
  });

  it("takes what repeated conditions show for cells that were measured once", () => {
    const repeated = [1, 2, 3].map((users) => cell(users, [users, 1.02 * users, 0.99 * users]));
    const once = [cell(8, [10]), ...repeated];
    const [found] = compareCells(once, [cell(8, [14]), ...repeated]).cells;
    expect(found?.mean?.verdict).toBe("higher");
  });

  it("calls equal runs equivalent, and says how many more would show the margin if they differ much", () => {
    expect(compareCells([cell(4, [1, 1.01, 0.99])], [cell(4, [1, 0.99, 1.01])]).cells[0]?.mean?.verdict).toBe(
      "equivalent",
    );
    const comparison = compareCells([cell(4, [1, 1.2, 0.8])], [cell(4, [1.05, 0.85, 1.2])]);
    expect(comparison.cells[0]?.mean?.runsNeeded).toBeGreaterThan(3);
    expect(renderComparison(comparison)).toMatch(/not enough runs: about \d+ more would show 10%/);
  });

  it("compares success rates by runs, from three on each side", () => {
    /** Runs of 1000 requests, one of which has one success less than the one before. */
    const withSuccesses = (successful: number, runs = 3) =>
      cell(4, [1, 1, 1], {
        runs: cell(4, new Array(runs).fill(1)).runs.map((run, index) => ({
          ...run,
          sent: 1000,
          successful: successful - index,
        })),
        successRate: { overRequests: successful / 1000 },
      });
    const verdict = (before: ComparedCell, after: ComparedCell) =>
      compareCells([before], [after]).cells[0]?.success?.verdict;
    expect(verdict(withSuccesses(990), withSuccesses(810))).toBe("lower");
    expect(verdict(withSuccesses(810), withSuccesses(990))).toBe("higher");
    expect(verdict(withSuccesses(990, 2), withSuccesses(810))).toBe("undecided");
    expect(verdict(withSuccesses(1000), withSuccesses(1000))).toBe("equivalent");
  });

  it("counts cells of one result only, and names runs in which the host changed", () => {
    const changed = cell(4, [1, 1, 1]);
    const [first, ...others] = changed.runs;
    const change = { at: 30, changeRatio: -0.27, pValue: 0.001 };
    const after = { ...changed, runs: first === undefined ? [] : [{ ...first, change }, ...others] };
    const comparison = compareCells([cell(4, [1, 1.1, 0.9]), cell(8, [2])], [after]);
    expect(comparison.onlyOnce).toBe(1);
    const text = renderComparison(comparison);
    expect(text).toContain("HOST_CHANGED in after, repetition 1: 27% shorter after request 30 of 100");
    expect(text).toContain("1 cell is in one result only.");
    for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe("--fail-if", () => {
  const slower = compareCells([cell(4, [1, 1.02, 0.98])], [cell(4, [1.27, 1.3, 1.25])]);
  const equal = compareCells([cell(4, [1, 1.01, 0.99])], [cell(4, [1, 0.99, 1.01])]);

  test.each([
    ["mean slower 10%", slower, "fails"],
    ["p95 slower 10 %", slower, "fails"],
    ["throughput lower 10%", slower, "fails"],
    ["mean slower 50%", slower, "passes"],
    ["mean slower 27%", slower, "undecided"],
    ["mean faster 10%", slower, "passes"],
    ["mean slower 10%", equal, "passes"],
    ["success lower 1%", equal, "undecided"],
  ] as const)("%s", (rule, comparison, verdict) => {
    expect(checkFailRules(comparison, [parseFailRule(rule)])).toMatchObject([{ verdict }]);
  });

  test.each(["p95", "p95 slower", "p95 slower 0%", "p95 lower 10%", "success slower 1%", "speed slower 10%"])(
    "%s is refused",
    (rule) => {
      expect(() => parseFailRule(rule)).toThrow(
        expect.objectContaining({ code: "USAGE_FAIL_IF", exitCode: 2 }),
      );
    },
  );
});
