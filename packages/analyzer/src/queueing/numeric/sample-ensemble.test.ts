import { expect, it } from "vitest";
import { createRandom } from "../../stats/random.ts";
import { average } from "./average.ts";
import { sampleEnsemble } from "./sample-ensemble.ts";

it("draws from a narrow ridge with the right means and variances", () => {
  // x + y is within 0.01 of 3, x has a standard deviation of 1.
  const logDensity = ([x = 0, y = 0]: readonly number[]) =>
    -((x - 1) ** 2) / 2 - ((x + y - 3) / 0.01) ** 2 / 2;
  const random = createRandom(4);
  const walkers = Array.from({ length: 20 }, () => [1 + 0.1 * random(), 2 + 0.1 * random()]);
  const drawn = sampleEnsemble(logDensity, walkers, 4000, random).map(({ at }) => at);
  const xs = drawn.map(([x = 0]) => x);
  expect(average(xs)).toBeCloseTo(1, 0);
  expect(average(xs.map((x) => (x - 1) ** 2))).toBeGreaterThan(0.8);
  expect(average(xs.map((x) => (x - 1) ** 2))).toBeLessThan(1.2);
  expect(average(drawn.map(([x = 0, y = 0]) => (x + y - 3) ** 2))).toBeCloseTo(1e-4, 5);
});

it("stays inside the domain", () => {
  const logDensity = ([x = 0]: readonly number[]) => (x < 0 ? Number.NEGATIVE_INFINITY : -x);
  const random = createRandom(2);
  const walkers = Array.from({ length: 6 }, () => [random()]);
  const drawn = sampleEnsemble(logDensity, walkers, 2000, random).map(({ at: [x = 0] }) => x);
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(0);
  expect(average(drawn)).toBeGreaterThan(0.9);
  expect(average(drawn)).toBeLessThan(1.1);
});
