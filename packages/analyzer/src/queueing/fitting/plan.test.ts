import { expect, it } from "vitest";
import { simulate } from "../station/simulate.ts";
import { planOf } from "./plan.ts";

const HOST = { demandSeconds: 1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0 };

/** Pauses between the requests of one user, as the plan of a cell has them. */
function pausesOf(thinkTime: string, requestsPerUser: number): readonly number[] {
  const cell = { users: 1, thinkTimeSeconds: 2, clients: [], thinkTime };
  const { think } = planOf(cell, requestsPerUser, 3);
  const requests = simulate(HOST, {
    ...{ users: 1, thinkTimeSeconds: 2, requestsPerUser, startRatePerSecond: 1, seed: 1 },
    ...{ limitSeconds: 100, timeoutBehaviour: "cancelled" },
    ...(think !== undefined && { think }),
  });
  return requests.slice(1).map(({ startSeconds }, index) => {
    const before = requests[index] as (typeof requests)[0];
    return startSeconds - before.startSeconds - before.roundTripSeconds;
  });
}

it("pauses before every third request, as idle:6/3 says", () => {
  expect(pausesOf("idle:6/3", 7).map((pause) => Math.round(pause))).toEqual([0, 6, 0, 0, 6, 0]);
});

it("draws uniform think times within their range", () => {
  const pauses = pausesOf("uniform:1..3", 200);
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(1);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(3.001);
  expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(1.8);
});

it("draws exponential think times with the cell's mean", () => {
  const pauses = pausesOf("exponential:2", 2000);
  expect(pauses.reduce((sum, one) => sum + one, 0) / pauses.length).toBeCloseTo(2, 0);
});
