import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { watchRun } from "./early-end.ts";
import type { Probe } from "./probe.ts";
import { addRun, expectedSeconds, mayEndEarly, nextProbe, startSearch } from "./search.ts";
import { keepsGoal, measureFigures, parseSearchGoal } from "./search-goal.ts";
import type { SearchRun } from "./search-state.ts";

const GOALS = [
  "p95<2s",
  "median<2s",
  "mean<2s",
  "success>=0.9",
  "success>=0.9 and p90<2s",
  "success>=0.9 or mean<2s",
];

describe("watchRun()", () => {
  test.each(GOALS)("never gives up a run that would keep %s after all", (text) => {
    const goal = parseSearchGoal(text);
    const response = fc.record({ seconds: fc.double({ min: 0.1, max: 4, noNaN: true }), isOk: fc.boolean() });
    fc.assert(
      fc.property(fc.array(response, { minLength: 1, maxLength: 60 }), fc.nat(20), (responses, unsent) => {
        const watch = watchRun(goal, responses.length + unsent);
        const wasMissed = responses.some(({ seconds, isOk }) => {
          watch.add(seconds, isOk);
          return watch.whyMissed() !== undefined;
        });
        const figures = measureFigures(goal, {
          roundTripSeconds: responses.map(({ seconds }) => seconds),
          isSuccessful: responses.map(({ isOk }) => Number(isOk)),
        });
        expect(wasMissed && keepsGoal(goal, figures)).toBe(false);
      }),
    );
  });

  test.each([
    ["p95<2s", 20, [3, 3], "p95<2s: 2 of 20 requests took longer"],
    ["p95<2s", 20, [3, 1, 1], undefined],
    ["mean<2s", 4, [9], "mean<2s: 4 requests may take 8 s together, and some of them have taken 9 s"],
  ])("%s with %d planned requests, after %j", (text, planned, seconds, why) => {
    const watch = watchRun(parseSearchGoal(text), planned);
    for (const one of seconds) watch.add(one, true);
    expect(watch.whyMissed()).toBe(why);
  });

  it("gives up a success rate once too many requests have failed", () => {
    const watch = watchRun(parseSearchGoal("errors<=10%"), 20);
    for (const isOk of [false, true, false]) watch.add(1, isOk);
    expect(watch.whyMissed()).toBeUndefined();
    watch.add(1, false);
    expect(watch.whyMissed()).toBe("errors<=10%: 3 of 20 requests failed");
  });
});

describe("a run that was ended early", () => {
  const goal = parseSearchGoal("p95<2s");
  const options = { goal, confidence: 0.95, tolerance: { steps: 1 }, thinkTimeSeconds: 0 };
  const run = (load: number, seconds: number, more: Partial<SearchRun> = {}): SearchRun => ({
    ...{ load, seconds: 60, responseSeconds: seconds },
    figures: [{ kind: "time", seconds, margin: Math.log(2 / seconds) }],
    ...more,
  });
  const endedEarly = { wholeSeconds: 300 };

  it("is no evidence, but helps to find the bracket", () => {
    let state = addRun(startSearch(options), run(1, 0.5));
    state = addRun(state, run(4, 2.5, { endedEarly }));
    expect(nextProbe(state)).toMatchObject({ role: "low" });
    const { load } = nextProbe(state) as Probe;
    state = addRun(state, run(load, 1.5, { endedEarly }));
    expect(state.runs.at(-1)).toMatchObject({ role: "bracket", bets: [undefined] });
  });

  it("is expected to take as long as a whole run the next time", () => {
    expect(expectedSeconds([run(1, 0.5), run(4, 2.5, { endedEarly })], 4)).toBe(300);
  });

  it("is one that seeks the bracket in a closed loop, after a whole run", () => {
    const begin = startSearch(options);
    expect(mayEndEarly(begin, nextProbe(begin) as Probe)).toBe(false);
    const next = addRun(begin, run(1, 0.5));
    expect(mayEndEarly(next, nextProbe(next) as Probe)).toBe(true);
    const { thinkTimeSeconds: _, ...open } = options;
    const rate = addRun(startSearch(open), run(1, 0.5));
    expect(mayEndEarly(rate, nextProbe(rate) as Probe)).toBe(false);
    const repeats = addRun(next, run(4, 2.5));
    expect(mayEndEarly(repeats, nextProbe(repeats) as Probe)).toBe(false);
  });
});
