import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { countDue, createSchedule, seedOf, shuffledIndices } from "./schedule.ts";

describe("createSchedule()", () => {
  it("spaces constant arrivals evenly from 0 on", () => {
    const schedule = createSchedule(4, "constant", 1);
    expect([1, 2, 5].map(schedule)).toEqual([0, 0.25, 1]);
    expect(countDue(schedule, 1)).toBe(4);
    expect(countDue(schedule, 1.001)).toBe(5);
  });

  it("draws Poisson arrivals: gaps with the mean and the variance of an exponential distribution", () => {
    const schedule = createSchedule(5, "poisson", 3);
    const times = Array.from({ length: 20_000 }, (_, index) => schedule(index + 1));
    const gaps = times.map((time, index) => time - (times[index - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(Math.abs(mean - 0.2)).toBeLessThan(0.004);
    expect(Math.abs(variance - 0.04)).toBeLessThan(0.003);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(countDue(schedule, 1000)).toBe(times.filter((time) => time < 1000).length);
  });

  it("sends bursts evenly within their time, and Poisson arrivals for the rest of the rate", () => {
    const schedule = createSchedule(1, "bursts:4/10/2", 3);
    const times = Array.from({ length: 20_000 }, (_, index) => schedule(index + 1));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    for (const start of [10, 20, 1000])
      for (const offset of [0, 0.5, 1, 1.5]) expect(times).toContain(start + offset);
    const end = times.at(-1) ?? 0;
    const isOfBurst = (time: number) => time >= 10 && (time % 10) / 0.5 < 4 && (time * 2) % 1 === 0;
    const others = times.filter((time) => !isOfBurst(time)).length;
    expect(Math.abs(others / end - 0.6)).toBeLessThan(0.02);
    expect(Math.abs(times.length / end - 1)).toBeLessThan(0.02);
  });

  it("sends nothing between bursts that make up the whole rate", () => {
    const schedule = createSchedule(0.5, "bursts:5/10", 3);
    expect([1, 2, 5, 6].map(schedule)).toEqual([10, 10.2, 10.8, 20]);
    expect(countDue(schedule, 20)).toBe(5);
  });

  it("gives the same arrivals whatever the order of asking", () => {
    const [one, other] = [createSchedule(5, "poisson", 3), createSchedule(5, "poisson", 3)];
    expect(one(7)).toBe([1, 3, 7].map(other).at(-1));
  });
});

test("seedOf() differs between users, and is the seed without a name", () => {
  expect(seedOf(5, undefined)).toBe(5);
  const seeds = Array.from({ length: 200 }, (_, index) => seedOf(1, `127.0.0.1:8101-${index}`));
  expect(new Set(seeds).size).toBe(200);
  expect(seedOf(1, "w1")).not.toBe(seedOf(2, "w1"));
});

test("shuffledIndices() is a permutation that depends on the seed alone", () => {
  fc.assert(
    fc.property(fc.nat({ max: 50 }), fc.nat(), (count, seed) => {
      const shuffled = shuffledIndices(count, seed);
      expect(shuffled.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      expect(shuffledIndices(count, seed)).toEqual(shuffled);
    }),
  );
  expect(shuffledIndices(20, 1)).not.toEqual(shuffledIndices(20, 2));
});
