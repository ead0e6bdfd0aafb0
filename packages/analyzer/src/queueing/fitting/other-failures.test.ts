import { expect, test } from "vitest";
import { fitModel } from "../fit-model.ts";
import { findMaxUsers, parseGoal, predict } from "../index.ts";
import type { Observation } from "./observation.ts";
import { drawOtherSuccess, findOtherFailures } from "./other-failures.ts";

/** A host with one server, on which `failing` of a hundred requests are wrong, at any load. */
function cells(failing: (users: number) => number) {
  const roundTrips = (users: number, client: number) =>
    Array.from({ length: 100 }, (_, n) => users * 0.5 * (1 + 0.02 * (((n + client) % 5) - 2)));
  return [1, 2, 4, 6].map((users) => ({
    ...{ users, thinkTimeSeconds: 0 },
    clients: Array.from({ length: users }, (_, client) => ({
      roundTripSeconds: roundTrips(users, client),
      successfulRequests: 100 - failing(users),
      successful: Array.from({ length: 100 }, (_, n) => (n + 7 * client) % 100 >= failing(users)),
    })),
  }));
}

test("success is predicted with the share that fails for other reasons, and goals count it", () => {
  const model = fitModel(
    cells(() => 2),
    { limitSeconds: 25, seed: 1, replications: 60 },
  );
  const [at] = predict([{ users: 8, thinkTimeSeconds: 0 }], model.prediction);
  expect(at?.successRate).toBeCloseTo(0.98, 2);
  expect(at?.successRateInterval.low).toBeLessThan(0.98);
  expect(at?.successRateInterval.high).toBeGreaterThan(0.98);
  const [strict, loose] = ["success>=0.99", "success>=0.95 and mean<2.2s"].map(
    (goal) => findMaxUsers(parseGoal(goal), [0], model.prediction)[0]?.users,
  );
  expect(strict).toBe(0);
  expect(loose).toBe(4);
  const reasons = model.verdict.reasons.join("\n");
  expect(reasons).toContain("26 of 1,300 requests failed for another reason than the time limit.");
});

test("findOtherFailures() sees whether their share depends on the load", () => {
  const seen = (quickFailures: number, requests = 500) => ({ quickFailures, requests }) as Observation;
  expect(findOtherFailures([seen(0), seen(0)])).toBeUndefined();
  expect(findOtherFailures([seen(9), seen(12), seen(6)])?.dependOnLoad).toBe(false);
  expect(findOtherFailures([seen(0), seen(1), seen(40)])?.dependOnLoad).toBe(true);
});

test("drawOtherSuccess() varies as binomial counts do", () => {
  const other = { failed: 200, requests: 10_000, dependOnLoad: false };
  const shares = Array.from({ length: 4000 }, (_, seed) => 1 - drawOtherSuccess(other, 400, seed));
  const mean = shares.reduce((sum, one) => sum + one, 0) / shares.length;
  const variance = shares.reduce((sum, one) => sum + (one - mean) ** 2, 0) / shares.length;
  expect(mean).toBeCloseTo(0.02, 3);
  expect(Math.sqrt(variance)).toBeCloseTo(Math.sqrt(0.02 * 0.98 * (1 / 400 + 1 / 10_000)), 3);
  expect(drawOtherSuccess(undefined, 400, 1)).toBe(1);
});
