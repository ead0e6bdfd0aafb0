import { describe, expect, it } from "vitest";
import type { ModelCell } from "../queueing/index.ts";
import type { ModelParameters } from "../queueing/station/parameters.ts";
import { simulate } from "../queueing/station/simulate.ts";
import { transferCurve } from "./transfer-curve.ts";

const LIMIT_SECONDS = 25;
const THERE: ModelParameters = {
  ...{ demandSeconds: 1, servers: 3, contention: 0, delaySeconds: 0.02 },
  ...{ demandVariation: 0.1, waitVariation: 0 },
};

/** Simulated runs of one condition. */
function cell(parameters: ModelParameters, users: number, repetitions = 3): ModelCell {
  const clients = Array.from({ length: repetitions }, (_, run) => {
    const requests = simulate(parameters, {
      ...{ users, thinkTimeSeconds: 0, requestsPerUser: 40, startRatePerSecond: 100 },
      ...{ limitSeconds: LIMIT_SECONDS, timeoutBehaviour: "cancelled", seed: 100 * users + run },
    });
    return Array.from({ length: users }, (_, user) => {
      const own = requests.filter((request) => request.user === user);
      return {
        roundTripSeconds: own.map(({ roundTripSeconds }) => roundTripSeconds),
        successfulRequests: own.filter(({ successful }) => successful).length,
        repetition: run + 1,
      };
    });
  });
  return { users, thinkTimeSeconds: 0, clients: clients.flat() };
}

const there = [1, 2, 3, 4, 6, 8].map((users) => cell(THERE, users));
const meanOf = ({ clients }: ModelCell) => {
  const all = clients.flatMap(({ roundTripSeconds }) => roundTripSeconds);
  return all.reduce((sum, one) => sum + one, 0) / all.length;
};

describe("transferCurve()", () => {
  it("carries the curve over to a machine of half the speed by two cells", () => {
    const slower = { ...THERE, demandSeconds: 2 };
    const found = transferCurve(there, [cell(slower, 6), cell(slower, 1)], { limitSeconds: LIMIT_SECONDS });
    expect(found.shape).toBe("same");
    expect(found.cells.map(({ users }) => users)).toEqual([1, 6]);
    expect(found.demandRatio.value).toBeCloseTo(2, 1);
    const errors = found.predictions.map(
      ({ users, meanRoundTripSeconds }) => meanRoundTripSeconds / meanOf(cell(slower, users)) - 1,
    );
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(0.1);
  });

  it("sees that a machine with fewer cores has another shape", () => {
    const fewer = { ...THERE, servers: 1 };
    const found = transferCurve(there, [cell(fewer, 1), cell(fewer, 6)], { limitSeconds: LIMIT_SECONDS });
    expect(found.shape).toBe("another");
  });

  it("does not decide the shape by one cell, or by one run of each", () => {
    const [one, six] = [cell(THERE, 1, 1), cell(THERE, 6, 1)];
    expect(transferCurve(there, [one], { limitSeconds: LIMIT_SECONDS }).shape).toBe("not decided");
    expect(transferCurve(there, [one, six], { limitSeconds: LIMIT_SECONDS }).shape).toBe("not decided");
  });
});
