import { beforeAll, expect, it } from "vitest";
import { figuresOf, missedTargets, renderFindPart } from "./page.ts";
import { type FindSize, FULL_FIND, type HostResult, runFindSuite, runFindTask } from "./suite.ts";

/** The three hosts whose runs take the least time to simulate. */
const SHORT: FindSize = { ...FULL_FIND, searches: 25, sweeps: 1, truthRuns: 300, hosts: [0, 1, 2] };
let results: readonly HostResult[];

beforeAll(async () => {
  results = await runFindSuite(SHORT, async (tasks) => tasks.map(runFindTask));
}, 600_000);

it("knows the true load of each host", () => {
  for (const { margins } of results) {
    expect(margins[0]).toBeGreaterThan(0);
    expect(margins[1]).toBeLessThanOrEqual(0);
  }
});

it("keeps the targets of the search", () => {
  expect(missedTargets(results)).toEqual([]);
});

it("gives the same searches again", () => {
  const task = { kind: "searches", host: 0, procedure: "slbench find", from: 3, to: 5, seed: 19 } as const;
  const again = runFindTask(task);
  expect(again.kind === "searches" && again.found).toEqual(
    results[0]?.found.get("slbench find")?.slice(3, 5),
  );
});

it("reports a target that does not hold", () => {
  const wrong = { load: 1, isRight: false, seconds: 9e6, runs: 9 };
  const [first] = results as readonly [HostResult];
  const found = new Map(first.found).set("slbench find", [wrong]);
  const missed = missedTargets([{ ...first, found }]);
  expect(missed.map(({ target }) => target)).toEqual(["right in 0.95", "at most 1/2 of a sweep"]);
  expect(renderFindPart([{ ...first, found }], SHORT)).toContain("Targets that do not hold");
});

it("shows every procedure, also the cheaper ones", () => {
  const part = renderFindPart(results, SHORT);
  for (const { found } of results) {
    const cheap = figuresOf(found.get("bisection, 1 run each") ?? []);
    expect(cheap.medianMinutes).toBeLessThan(figuresOf(found.get("slbench find") ?? []).medianMinutes);
  }
  expect(part.match(/^\| slbench find +\|/gm)).toHaveLength(3);
});
