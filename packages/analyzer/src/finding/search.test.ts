import { expect, it } from "vitest";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";
import { addRun, nextProbe, startSearch } from "./search.ts";
import { parseSearchGoal } from "./search-goal.ts";
import type { SearchOptions, SearchRun, SearchState } from "./search-state.ts";

const OPTIONS: SearchOptions = {
  goal: parseSearchGoal("p95<2s"),
  confidence: 0.95,
  tolerance: { steps: 1 },
  thinkTimeSeconds: 0,
};

/** A host of one server: p95 = 0.2 s × users, so that the goal holds up to 9 users (or `limit` ÷ 0.2). */
function measure(load: number, noise = 0): SearchRun {
  const seconds = 0.2 * (load + 0.5) * Math.exp(noise);
  const margin = Math.log(2 / seconds);
  return { load, seconds: 60, responseSeconds: 0.15 * load, figures: [{ kind: "time", seconds, margin }] };
}

interface Ended {
  readonly state: SearchState;
  readonly loads: readonly number[];
}

function search(options: SearchOptions, run: (load: number, index: number) => SearchRun, most = 200): Ended {
  let state = startSearch(options);
  const loads: number[] = [];
  for (let index = 0; index < most; index++) {
    const next = nextProbe(state);
    if (next.kind === "answer") break;
    loads.push(next.load);
    state = addRun(state, run(next.load, index));
  }
  return { state, loads };
}

const noisy = (deviation: number, seed: number) => {
  const random = createRandom(seed);
  return (load: number) => measure(load, deviation * drawNormal(random));
};

it("finds the number of users with an interval, from runs on both sides of it", () => {
  const { state, loads } = search(OPTIONS, noisy(0.03, 1));
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ kind: "answer", verdict: "decided", load: 9 });
  if (answer.kind !== "answer") return;
  expect(answer.atLeast).toBeLessThanOrEqual(9);
  expect(answer.atMost).toBeGreaterThanOrEqual(9);
  expect((answer.atMost as number) - answer.atLeast).toBeLessThanOrEqual(2);
  expect(loads.length).toBeLessThan(25);
});

it("raises the load as far as Little's law keeps the limit, at least twofold", () => {
  const first = addRun(startSearch(OPTIONS), measure(1));
  expect(nextProbe(first)).toMatchObject({ load: 6, why: "raise" }); // 2 s ÷ 0.3 s
  expect(nextProbe(addRun(first, measure(6)))).toMatchObject({ load: 12, why: "raise" });
});

it("gives the same probes for the same runs, so that a search can be resumed", () => {
  const { state } = search(OPTIONS, noisy(0.05, 2));
  let again = startSearch(OPTIONS);
  for (const run of state.runs) {
    expect(nextProbe(again)).toMatchObject({ kind: "probe", load: run.load, role: run.role });
    again = addRun(again, run);
  }
  expect(nextProbe(again)).toEqual(nextProbe(state));
});

it("is wrong in at most 5% of searches", () => {
  let wrong = 0;
  const searches = 200;
  for (let seed = 0; seed < searches; seed++) {
    const answer = nextProbe(search(OPTIONS, noisy(0.08, 100 + seed)).state);
    if (answer.kind !== "answer" || answer.verdict !== "decided") continue;
    if (answer.atLeast > 9 || (answer.atMost as number) < 9) wrong++;
  }
  expect(wrong / searches).toBeLessThanOrEqual(0.05);
});

it("moves the bracket if repeated runs contradict the first ones", () => {
  const noise = noisy(0.03, 5);
  // The first run at each load is 30% too fast.
  const seen = new Set<number>();
  const { state } = search(OPTIONS, (load) => {
    const isFirst = !seen.has(load);
    seen.add(load);
    return isFirst ? measure(load, -0.3) : noise(load);
  });
  expect(nextProbe(state)).toMatchObject({ verdict: "decided" });
  const answer = nextProbe(state);
  if (answer.kind === "answer") expect(Math.abs(answer.load - 9)).toBeLessThanOrEqual(2);
});

it("takes runs of earlier results as a guide alone: they spare the first runs and prove nothing", () => {
  const noise = noisy(0.03, 12);
  // Of a day on which the host was a third faster.
  const earlier = [1, 4, 8, 9, 9, 9, 12, 12, 12, 16].map((load) => ({
    ...measure(load, -0.3),
    isReused: true,
  }));
  let state = earlier.reduce(addRun, startSearch(OPTIONS));
  expect(
    state.runs.every(({ role, bets }) => role === "bracket" && bets.every((bet) => bet === undefined)),
  ).toBe(true);
  expect(nextProbe(state)).toMatchObject({ kind: "probe", why: "repeat" });
  for (let next = nextProbe(state); next.kind === "probe"; next = nextProbe(state))
    state = addRun(state, noise(next.load));
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ verdict: "decided" });
  if (answer.kind !== "answer") return;
  expect(answer.atLeast).toBeLessThanOrEqual(9);
  expect(answer.atMost).toBeGreaterThanOrEqual(9);
});

it("says between which loads the answer is and how many runs are left if the budget ends", () => {
  const { state, loads } = search({ ...OPTIONS, budgetSeconds: 8 * 60 }, noisy(0.1, 3));
  expect(loads.length).toBeLessThanOrEqual(8);
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ kind: "answer", verdict: "undecided" });
  if (answer.kind !== "answer") return;
  expect(answer.moreRuns).toBeGreaterThan(0);
  expect(answer.between.low).toBeLessThanOrEqual(9);
  expect(answer.between.high).toBeGreaterThanOrEqual(9);
});

it("claims no upper end if the load generator saturates first", () => {
  const random = createRandom(4);
  const { state } = search(OPTIONS, (load) => ({
    ...measure(load, 0.03 * drawNormal(random)),
    ...(load > 7 && { isSaturated: true }),
  }));
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ verdict: "at-least", limitedBy: "generator" });
  if (answer.kind !== "answer") return;
  expect(answer.atMost).toBeUndefined();
  expect(answer.atLeast).toBeGreaterThanOrEqual(6);
  expect(answer.atLeast).toBeLessThanOrEqual(7);
});

it("does not take a single run with a saturated generator for a limit, nor count it", () => {
  const noise = noisy(0.03, 13);
  let runs = 0;
  const { state, loads } = search(OPTIONS, (load) => ({
    ...noise(load),
    ...(++runs % 5 === 0 && { isSaturated: true, ...measure(load, 1) }),
  }));
  expect(nextProbe(state)).toMatchObject({ verdict: "decided", load: 9 });
  expect(loads.length).toBeLessThan(30);
});

it("tries a smaller number first if the first one saturates the generators", () => {
  const first = startSearch({ ...OPTIONS, start: 16 });
  expect(nextProbe(addRun(first, { ...measure(16), isSaturated: true }))).toMatchObject({
    ...{ kind: "probe", why: "below-saturation" },
    load: 1,
  });
});

it("repeats ends that are far apart, never one load for nothing, if runs differ too much to show anything", () => {
  const random = createRandom(14);
  const { state } = search(OPTIONS, (load) => measure(load, 0.8 * drawNormal(random)), 60);
  const wasted = state.runs.filter(({ role }, index) => role === "bracket" && index > 12);
  expect(wasted).toEqual([]);
});

it("claims no upper end at the greatest load that may be tried", () => {
  const answer = nextProbe(search({ ...OPTIONS, most: 5 }, noisy(0.03, 6)).state);
  expect(answer).toMatchObject({ verdict: "at-least", atLeast: 5, load: 5, limitedBy: "most" });
});

it("finds a rate of an open loop, whose responses grow without bound near its capacity", () => {
  const { thinkTimeSeconds: _, ...open } = OPTIONS;
  const random = createRandom(15);
  // Steps of 0.5 requests/s; capacity at 40 steps; the limit of 2 s is reached at 36.
  const { state, loads } = search({ ...open, start: 2 }, (load) => {
    const seconds = Math.min(20, (0.2 / Math.max(0.01, 1 - load / 40)) * Math.exp(0.03 * drawNormal(random)));
    const margin = Math.log(2 / seconds);
    return { load, seconds: 60, responseSeconds: seconds / 3, figures: [{ kind: "time", seconds, margin }] };
  });
  expect(loads.slice(0, 5)).toEqual([2, 4, 8, 16, 32]);
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ verdict: "decided" });
  if (answer.kind === "answer") expect(Math.abs(answer.load - 36)).toBeLessThanOrEqual(1);
});

it("answers 0 if not even one user is served", () => {
  const goal = parseSearchGoal("p95<100ms");
  const random = createRandom(8);
  const { state } = search({ ...OPTIONS, goal }, (load) => {
    const run = measure(load, 0.03 * drawNormal(random));
    const seconds = 0.2 * (load + 0.5);
    return { ...run, figures: [{ kind: "time", seconds, margin: Math.log(0.1 / seconds) }] };
  });
  const answer = nextProbe(state);
  expect(answer).toMatchObject({ verdict: "decided", atLeast: 0 });
  if (answer.kind === "answer") expect(answer.load).toBeLessThanOrEqual(1);
});

it("finds the exact number with a tolerance of 0", () => {
  const answer = nextProbe(search({ ...OPTIONS, tolerance: { steps: 0 } }, noisy(0.02, 9)).state);
  expect(answer).toMatchObject({ verdict: "decided", load: 9, atLeast: 9, atMost: 9 });
});

it("needs both parts of an and, and one part of an or", () => {
  const both = (load: number): SearchRun => {
    const slow = measure(load, 0.001 * load).figures;
    const trials = 100 * load;
    return {
      ...measure(load),
      figures: [...slow, { kind: "success", hits: load > 5 ? trials / 2 : trials, trials }],
    };
  };
  const and = search({ ...OPTIONS, goal: parseSearchGoal("p95<2s and success>=0.9") }, both);
  expect(nextProbe(and.state)).toMatchObject({ verdict: "decided", load: 5 });
  const or = search({ ...OPTIONS, goal: parseSearchGoal("p95<2s or success>=0.9") }, both);
  expect(nextProbe(or.state)).toMatchObject({ verdict: "decided", load: 9 });
});
