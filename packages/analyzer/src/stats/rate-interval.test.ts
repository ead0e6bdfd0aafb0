import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";
import { rateInterval, type WatchedRun } from "./rate-interval.ts";
import { tInterval } from "./t-interval.ts";

/** Poisson arrivals at 3 a second. */
function poisson(seconds: number, random: () => number): WatchedRun {
  const events: number[] = [];
  const gap = () => -Math.log(1 - random()) / 3;
  for (let at = gap(); at < seconds; at += gap()) events.push(at);
  return { from: 0, to: seconds, events };
}

describe("rateInterval()", () => {
  it("is the t interval of the slices' rates if there is one run", () => {
    const run = poisson(100, createRandom(4));
    const rates = Array.from({ length: 20 }, (_, slice) => {
      const own = Array.from(run.events).filter((at) => Math.min(19, Math.floor(at / 5)) === slice);
      return own.length / 5;
    });
    const found = rateInterval([run]);
    const expected = tInterval(rates);
    expect(found?.batches).toBe(20);
    expect(found?.low).toBeCloseTo(expected?.low as number, 12);
    expect(found?.high).toBeCloseTo(expected?.high as number, 12);
  });

  it.each([
    ["one run", [200]],
    ["three runs of different lengths", [60, 90, 120]],
  ])("holds the true rate about 95 times of 100: %s", (_, lengths) => {
    const random = createRandom(7);
    let held = 0;
    for (let trial = 0; trial < 1000; trial++) {
      const found = rateInterval(lengths.map((seconds) => poisson(seconds, random)));
      if (found !== undefined && found.low <= 3 && 3 <= found.high) held++;
    }
    expect(held).toBeGreaterThan(925);
    expect(held).toBeLessThan(975);
  });

  it("says nothing of too few events, of no time and of no run", () => {
    const few = { from: 0, to: 10, events: Array.from({ length: 39 }, (_, index) => index / 4) };
    expect(rateInterval([few])).toBeUndefined();
    expect(rateInterval([{ ...few, events: new Array(100).fill(5), to: 0 }])).toBeUndefined();
    expect(rateInterval([])).toBeUndefined();
  });
});
