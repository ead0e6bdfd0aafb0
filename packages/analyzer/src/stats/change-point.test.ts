import { describe, expect, it } from "vitest";
import { findChange } from "./change-point.ts";
import { drawNormal } from "./draw-normal.ts";
import { createRandom } from "./random.ts";
import { ranks } from "./ranks.ts";

const random = createRandom(7);
const noisy = (length: number, level: (index: number) => number, deviation = 0.1) =>
  Array.from({ length }, (_, index) => level(index) * Math.exp(deviation * drawNormal(random)));

describe("findChange()", () => {
  it("names the place and the size of a step", () => {
    const found = findChange([...Array(20).fill(1), ...Array(20).fill(0.7)], { users: 1 });
    expect(found).toMatchObject({ at: 20, pValue: 0.001 });
    expect(found?.changeRatio).toBeCloseTo(-0.3, 12);
  });

  it("finds a host that becomes 27% faster after request 8 of 37, 7 users", () => {
    for (let run = 0; run < 20; run++) {
      const found = findChange(
        noisy(7 * 37, (index) => (index < 7 * 8 ? 1 : 0.73)),
        { users: 7 },
      );
      expect(Math.abs((found?.at ?? 0) / 7 - 8)).toBeLessThanOrEqual(2);
      expect(found?.changeRatio).toBeLessThan(-0.2);
      expect(found?.changeRatio).toBeGreaterThan(-0.34);
    }
  });

  it("finds a step within long runs, to the request", () => {
    const found = findChange(
      noisy(6000, (index) => (index < 4321 ? 1 : 1.3), 0.02),
      { users: 1 },
    );
    expect(Math.abs((found?.at ?? 0) - 4321)).toBeLessThanOrEqual(1);
  });

  it("is silent for small steps, single spikes and few rounds", () => {
    expect(findChange([...Array(20).fill(1), ...Array(20).fill(0.93)], { users: 1 })).toBeUndefined();
    const spiked = noisy(40, (index) => (index === 11 ? 30 : 1), 0.02);
    expect(findChange(spiked, { users: 1 })).toBeUndefined();
    expect(
      findChange(
        noisy(60, (index) => (index < 30 ? 1 : 2)),
        { users: 6 },
      ),
    ).toBeUndefined();
    expect(findChange([0, ...noisy(40, () => 1)], { users: 1 })).toBeUndefined();
  });

  it("gives the same each time", () => {
    const values = noisy(100, (index) => (index < 50 ? 1 : 1.2));
    expect(findChange(values, { users: 2 })).toEqual(findChange(values, { users: 2 }));
  });
});

it("ranks() shares the rank of equal values", () => {
  expect([...ranks([30, 10, 10, 20])]).toEqual([4, 1.5, 1.5, 3]);
  expect([...ranks([])]).toEqual([]);
});
