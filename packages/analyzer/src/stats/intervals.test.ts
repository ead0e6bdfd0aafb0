import { describe, expect, it, test } from "vitest";
import { createRandom, drawNormal } from "../queueing/numeric/random.ts";
import { meanInterval } from "./mean-interval.ts";
import { wilsonInterval } from "./wilson.ts";

// statsmodels.stats.proportion.proportion_confint(hits, count, method="wilson")
// and scipy.stats.binomtest(hits, count).proportion_ci(.95, "wilson")
test.each([
  [45, 50, 0.7863976856252034, 0.9565242350681095],
  [1, 3, 0.06149194472039626, 0.7923403991979523],
  [5, 6, 0.43649717781352987, 0.9699466302516935],
  [0, 10, 0, 0.27753279986288915],
  [64, 64, 0.9433759402071946, 1],
  [232, 259, 0.8525762894997854, 0.9273615518125603],
])("wilsonInterval(%i, %i)", (hits, count, low, high) => {
  const found = wilsonInterval(hits, count);
  expect(found.low).toBeCloseTo(low, 9);
  expect(found.high).toBeCloseTo(high, 9);
});

describe("meanInterval()", () => {
  /** Clients that differ among themselves as much as their values do. */
  const draw = (clients: number, values: number, random: () => number) =>
    Array.from({ length: clients }, () => {
      const own = 5 + drawNormal(random);
      return Array.from({ length: values }, () => own + drawNormal(random));
    });
  const coverage = (make: (random: () => number) => number[][]) => {
    const random = createRandom(9);
    let held = 0;
    for (let trial = 0; trial < 300; trial++) {
      const { low, high } = meanInterval(make(random), trial + 1) ?? { low: 0, high: 0 };
      if (low <= 5 && 5 <= high) held++;
    }
    return held / 300;
  };

  it("holds the mean of clients that differ, where an interval over requests would not", () => {
    const found = coverage((random) => draw(20, 30, random));
    expect(found).toBeGreaterThan(0.88);
    expect(found).toBeLessThanOrEqual(1);
  }, 120_000);

  it("holds the mean of a few clients by batch means", () => {
    const found = coverage((random) => [Array.from({ length: 60 }, () => 5 + drawNormal(random))]);
    expect(found).toBeGreaterThan(0.9);
    expect(found).toBeLessThan(0.99);
  });

  it("takes the wider one: clients alike that share a slow phase differ over time only", () => {
    const random = createRandom(2);
    const slow = Array.from({ length: 40 }, (_, at) => (at < 8 ? 2 : 1) + 0.01 * drawNormal(random));
    const clients = Array.from({ length: 8 }, () => slow.map((value) => value + 0.01 * drawNormal(random)));
    const inOrder = slow.flatMap((_, at) => clients.map((values) => values[at] as number));
    const found = meanInterval(clients, 1, [inOrder]);
    expect(found?.method).toBe("batch means");
    expect((found?.high ?? 0) - (found?.low ?? 0)).toBeGreaterThan(0.2);
  });

  it("names its method, and gives none for too few values", () => {
    const random = createRandom(1);
    expect(meanInterval(draw(5, 4, random))?.method).toBe("bootstrap over clients");
    expect(meanInterval(draw(2, 20, random))?.method).toBe("batch means");
    expect(meanInterval([[1, 2, 3]])).toBeUndefined();
    expect(meanInterval([])).toBeUndefined();
  });

  it("gives the same for the same, and lies around the mean", () => {
    const values = draw(6, 10, createRandom(3));
    const mean = values.flat().reduce((sum, value) => sum + value, 0) / 60;
    const once = meanInterval(values);
    expect(meanInterval(values)).toEqual(once);
    expect(once?.low).toBeLessThan(mean);
    expect(once?.high).toBeGreaterThan(mean);
  });
});
