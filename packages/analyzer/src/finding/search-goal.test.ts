import { expect, it } from "vitest";
import { combine, keepsGoal, marginOf, measureFigures, parseSearchGoal } from "./search-goal.ts";

const run = (seconds: readonly number[], failures = 0) => ({
  roundTripSeconds: seconds,
  isSuccessful: seconds.map((_, index) => Number(index >= failures)),
});

it("reads times, shares and how they are combined", () => {
  const goal = parseSearchGoal("success>=0.99 and (p95<2s or mean<500ms) and errors<5%");
  expect(goal.criteria).toEqual([
    { text: "success>=0.99", kind: "success", limit: 0.99 },
    { text: "p95<2s", kind: "time", limit: 2, quantile: 0.95 },
    { text: "mean<500ms", kind: "time", limit: 0.5 },
    { text: "errors<5%", kind: "success", limit: 0.95 },
  ]);
  expect(goal.tree).toEqual({
    kind: "and",
    parts: [
      { kind: "criterion", index: 0 },
      { kind: "or", parts: [1, 2].map((index) => ({ kind: "criterion", index })) },
      { kind: "criterion", index: 3 },
    ],
  });
  expect(combine(goal.tree, (index) => [3, -1, 2, 5][index] as number)).toBe(2);
});

it.each([
  ["success>=1", "no number of requests"],
  ["errors<=0", "no number of requests"],
  ["success>0.5 and not p95<2s", "not"],
  ["p95>2s", "upper bound"],
])("refuses %s", (text, problem) => {
  expect(() => parseSearchGoal(text)).toThrow(problem);
});

it("measures a run by each criterion", () => {
  const goal = parseSearchGoal("success>=0.9 and median<2s");
  const [success, median] = measureFigures(goal, run([1, 1, 1, 4], 1));
  expect(success).toEqual({ kind: "success", hits: 3, trials: 4 });
  expect(median).toEqual({ kind: "time", seconds: 1, margin: Math.log(2) });
  expect(keepsGoal(goal, measureFigures(goal, run([1, 1, 1, 4])))).toBe(true);
  expect(keepsGoal(goal, measureFigures(goal, run([1, 1, 1, 4], 1)))).toBe(false);
});

it("gives a success rate's margin the sign of what was measured, however few the requests", () => {
  const criterion = { text: "success>=0.99", kind: "success", limit: 0.99 } as const;
  expect(marginOf({ kind: "success", hits: 36, trials: 36 }, criterion)).toBeGreaterThan(0);
  expect(marginOf({ kind: "success", hits: 35, trials: 36 }, criterion)).toBeLessThan(0);
});

it("lets a run without responses keep no limit", () => {
  const goal = parseSearchGoal("success>=0.9 or p95<2s");
  expect(keepsGoal(goal, measureFigures(goal, run([])))).toBe(false);
});
