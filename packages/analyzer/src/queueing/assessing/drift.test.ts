import { expect, it } from "vitest";
import { drawLognormal, logSpread } from "../../stats/draw-lognormal.ts";
import { createRandom } from "../../stats/random.ts";
import type { ModelCell } from "../fitting/observation.ts";
import { findDrift } from "./drift.ts";

const HOST = { demandSeconds: 1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0.3 };
const RESULTS = 200;

/** Three cells of one user, whose requests scatter by 30%; the second half is slower by a factor. */
function measure(slowdown: number, seed: number): readonly ModelCell[] {
  const random = createRandom(seed);
  const roundTrips = () =>
    Array.from(
      { length: 37 },
      (_, index) => (index < 18 ? 1 : slowdown) * drawLognormal(random, logSpread(0.3)),
    );
  return [0, 1, 5].map((thinkTimeSeconds) => ({
    ...{ users: 1, thinkTimeSeconds },
    clients: [{ roundTripSeconds: roundTrips(), successfulRequests: 37 }],
  }));
}

const driftsOf = (slowdown: number) =>
  Array.from({ length: RESULTS }, (_, seed) => findDrift(measure(slowdown, seed), HOST, undefined));

it("finds a drift by chance in about one of a hundred results", () => {
  const found = driftsOf(1).filter((drift) => drift > 0);
  expect(found.length).toBeLessThanOrEqual(0.03 * RESULTS);
});

it("finds nearly every host that becomes half as slow again, and how much", () => {
  const found = driftsOf(1.5).filter((drift) => drift > 0);
  expect(found.length).toBeGreaterThanOrEqual(0.95 * RESULTS);
  const mean = found.reduce((sum, drift) => sum + drift, 0) / found.length;
  // The largest of three.
  expect(mean).toBeGreaterThan(0.5);
  expect(mean).toBeLessThan(0.75);
});
