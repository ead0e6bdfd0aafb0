import { describe, expect, it } from "vitest";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";
import type { LoadScale } from "./load-scale.ts";
import { valueOfLoad } from "./load-scale.ts";
import { renderSearchAnswer } from "./render-answer.ts";
import { addRun, nextProbe, startSearch } from "./search.ts";
import { parseSearchGoal } from "./search-goal.ts";
import { makeSearchReport, type SearchReport } from "./search-report.ts";

const MOST = 16;
const SCALE: LoadScale = { for: "replicas", step: 1, mostReplicas: MOST };

/** Searches for replicas among which the work of 20 users is shared: with `needed`, p95 is 3% below the limit. */
function search(needed: number, { start = 1, budgetSeconds = 1e5, steps = 0, seed = 1 } = {}): SearchReport {
  const random = createRandom(seed);
  const options = { confidence: 0.95, tolerance: { steps }, budgetSeconds, most: MOST, mostReplicas: MOST };
  const goal = parseSearchGoal("p95<2s");
  let state = startSearch({ ...options, goal, start: MOST + 1 - start });
  const cells: string[] = [];
  for (let next = nextProbe(state); next.kind === "probe"; next = nextProbe(state)) {
    const replicas = valueOfLoad(next.load, SCALE);
    expect(replicas).toBeGreaterThanOrEqual(1);
    expect(replicas).toBeLessThanOrEqual(MOST);
    const seconds = ((2 * 0.97 * needed) / replicas) * Math.exp(0.02 * drawNormal(random));
    const margin = Math.log(2 / seconds);
    const figures = [{ kind: "time", seconds, margin } as const];
    state = addRun(state, { load: next.load, seconds: 60, responseSeconds: seconds, figures });
    cells.push(`u20-t0-p${replicas}-r${cells.length + 1}`);
  }
  return makeSearchReport(state, { ...SCALE, tolerance: String(steps), users: 20, cells });
}

describe("a search for replicas", () => {
  it.each([1, 2, 3, 7, 16])("finds the fewest that keep the goal: %d", (needed) => {
    const report = search(needed);
    expect(report.answer).toMatchObject({
      verdict: "decided",
      load: needed,
      atLeast: needed,
      atMost: needed,
    });
    const plural = needed === 1 ? "replica" : "replicas";
    expect(renderSearchAnswer(report)).toContain(
      `${needed} ${plural} for 20 users (95% confident: exactly), `,
    );
  });

  it("says why one fewer fails, in its own numbers", () => {
    const report = search(3);
    expect(report.answer?.fails).toMatchObject({ load: 2, criteria: [{ text: "p95<2s" }] });
    expect(renderSearchAnswer(report)).toMatch(/2 replicas fail: p95 2\.\d+ s/);
    expect(report.curve.map(({ load }) => load).sort((a, b) => a - b)[0]).toBe(1);
  });

  it("answers within a tolerance, with the bounds the right way round", () => {
    const { answer } = search(7, { steps: 1 });
    expect(answer?.verdict).toBe("decided");
    expect(answer?.atLeast).toBeLessThanOrEqual(7);
    expect(answer?.atMost).toBeGreaterThanOrEqual(7);
    expect((answer?.atMost ?? 0) - (answer?.atLeast ?? 0)).toBeLessThanOrEqual(2);
  });

  it("shows a lower bound if even the most are too few", () => {
    const report = search(30);
    expect(report.answer).toMatchObject({ verdict: "at-least", atLeast: 17, limitedBy: "most" });
    expect(report.answer).not.toHaveProperty("atMost");
    expect(renderSearchAnswer(report)).toMatch(
      /^At least 17 replicas for 20 users \(95% confident\), .*\n {2}No greater/,
    );
  });

  it("names the numbers that are left at the end of the budget", () => {
    const report = search(7, { budgetSeconds: 6 * 60 });
    const { verdict, between } = report.answer ?? {};
    expect(verdict).toBe("undecided");
    expect(between?.low).toBeLessThanOrEqual(7);
    expect(between?.high).toBeGreaterThanOrEqual(7);
  });
});
