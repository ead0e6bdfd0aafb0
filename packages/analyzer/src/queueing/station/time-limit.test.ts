import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { predict } from "../asking/predict.ts";
import { fitModel } from "../fit-model.ts";
import type { FailedCell, ModelCell } from "../fitting/observation.ts";
import { inferTimeoutBehaviour } from "../fitting/timeout-behaviour.ts";
import { average } from "../numeric/average.ts";
import { normalCdf } from "../numeric/normal.ts";
import { responseUnderCuts } from "./cut-feedback.ts";
import type { ModelParameters } from "./parameters.ts";
import { leastRoundTrip, predictCell, solveCell } from "./predict-cell.ts";
import type { TimeoutBehaviour } from "./simulate.ts";
import { simulate } from "./simulate.ts";

const any = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const LIMIT = 25;
const TIMEOUT_BEHAVIOURS: readonly TimeoutBehaviour[] = ["cancelled", "keeps-running"];

test.each([
  [0, 0.5],
  [-1, 0.158655253931457],
  [2, 0.977249868051821],
  [-4.9, 4.79183276590091e-7],
  [-5.1, 1.69826741091217e-7],
  [-10, 7.61985302416053e-24],
])("normalCdf(%f) is as R's pnorm", (z, expected) => {
  expect(normalCdf(z) / expected).toBeCloseTo(1, 8);
});

describe("a prediction under a time limit", () => {
  const host = fc.record({
    demandSeconds: any(0.05, 20),
    servers: any(1, 12),
    contention: any(0, 0.2),
    delaySeconds: fc.oneof(fc.constant(0), any(0, 3)),
    demandVariation: any(0.005, 0.5),
    waitVariation: any(0.01, 3),
  });
  const think = fc.oneof(fc.constant(0), any(0, 20));
  const loads = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 28, 29, 30, 50, 100, 200, 500, 1000, 2000, 5000];

  test.each(TIMEOUT_BEHAVIOURS)(
    "never falls with users up to 5000, between bound and limit (%s)",
    (timeoutBehaviour) => {
      fc.assert(
        fc.property(host, think, (parameters, thinkTimeSeconds) => {
          let before = { meanRoundTripSeconds: 0, successRate: 1 };
          for (const users of loads) {
            const { prediction } = solveCell(parameters, users, thinkTimeSeconds, LIMIT, 1, {
              timeoutBehaviour,
            });
            for (const value of Object.values(prediction)) expect(value).toBeGreaterThanOrEqual(0);
            const { meanRoundTripSeconds: mean, successRate } = prediction;
            expect(mean).toBeGreaterThanOrEqual(before.meanRoundTripSeconds * (1 - 1e-9));
            expect(successRate).toBeLessThanOrEqual(before.successRate + 1e-9);
            expect(mean).toBeLessThanOrEqual(LIMIT);
            const bound = leastRoundTrip(parameters, users, thinkTimeSeconds, LIMIT);
            expect(mean).toBeGreaterThanOrEqual(bound * (1 - 1e-9));
            before = prediction;
          }
        }),
        { numRuns: 40 },
      );
    },
  );

  it("does not fall beyond saturation, as it did from 29 users on: the published host", () => {
    const parameters = {
      ...{ demandSeconds: 9.921, servers: 4.06, contention: 0.036, delaySeconds: 0 },
      ...{ demandVariation: 0.047, waitVariation: 0.393 },
    };
    const means = [29, 50, 100, 200, 500, 1000, 5000].map(
      (users) => predictCell(parameters, users, 0, LIMIT).meanRoundTripSeconds,
    );
    for (const mean of means) expect(mean).toBeGreaterThan(24.99);
    expect(means).toEqual([...means].sort((a, b) => a - b));
  });
});

describe("cut requests", () => {
  const parameters: ModelParameters = {
    ...{ demandSeconds: 10, servers: 3.5, contention: 0, delaySeconds: 0 },
    // Who shares a host is stretched with it: the waiting varies as the work does.
    ...{ demandVariation: 0.1, waitVariation: 0.1 },
  };

  const run = (users: number, thinkTimeSeconds: number, timeoutBehaviour: TimeoutBehaviour) => {
    const requests = simulate(parameters, {
      ...{ users, thinkTimeSeconds, timeoutBehaviour, requestsPerUser: 300, startRatePerSecond: 0.3 },
      ...{ limitSeconds: LIMIT, think: "exponential", seed: users },
    });
    return requests.slice(Math.floor(0.4 * requests.length), Math.floor(0.95 * requests.length));
  };

  test.each(
    TIMEOUT_BEHAVIOURS.flatMap((timeoutBehaviour) =>
      [8, 9, 10, 12].flatMap((users) => [0, 5].map((think) => [users, think, timeoutBehaviour] as const)),
    ),
  )(
    "change the load as a simulation says: %i users, think time %i s, %s",
    (users, think, timeoutBehaviour) => {
      const requests = run(users, think, timeoutBehaviour);
      const { prediction } = solveCell(parameters, users, think, LIMIT, 1, { timeoutBehaviour });
      const mean = average(requests.map((request) => request.roundTripSeconds));
      const success = average(requests.map((request) => (request.successful ? 1 : 0)));
      expect(Math.abs(prediction.meanRoundTripSeconds / mean - 1)).toBeLessThan(0.03);
      expect(Math.abs(prediction.successRate - success)).toBeLessThan(0.15);
    },
  );

  /** Cells of a host, each client with its requests as a simulation of 37 requests shows them. */
  const measured = (timeoutBehaviour: TimeoutBehaviour, users: readonly number[]): readonly ModelCell[] =>
    users.flatMap((count) =>
      [0, 1].map((thinkTimeSeconds) => {
        const requests = simulate(parameters, {
          ...{
            users: count,
            thinkTimeSeconds,
            timeoutBehaviour,
            requestsPerUser: 37,
            startRatePerSecond: 0.25,
          },
          ...{ limitSeconds: LIMIT, seed: 100 * count + thinkTimeSeconds },
        });
        const clients = Array.from({ length: count }, (_, user) => {
          const own = requests.filter((request) => request.user === user);
          return {
            roundTripSeconds: own.map((request) => request.roundTripSeconds),
            successfulRequests: own.filter((request) => request.successful).length,
          };
        });
        return { users: count, thinkTimeSeconds, clients };
      }),
    );

  test.each(TIMEOUT_BEHAVIOURS)(
    "tell what becomes of them, and predictions follow it (%s)",
    (timeoutBehaviour) => {
      const cells = measured(timeoutBehaviour, [1, 2, 3, 4, 6, 9, 10]);
      const model = fitModel(cells, { limitSeconds: LIMIT, replications: 40 });
      expect(model.timeoutBehaviour.timeoutBehaviour).toBe(timeoutBehaviour);
      for (const users of [9, 10, 11]) {
        const [one] = predict([{ users, thinkTimeSeconds: 0 }], model.prediction);
        const requests = run(users, 0, timeoutBehaviour);
        const success = average(requests.map((request) => (request.successful ? 1 : 0)));
        expect(Math.abs((one?.successRate ?? 1) - success)).toBeLessThan(0.15);
      }
    },
  );

  it("tell nothing where neither is near what was seen", () => {
    const failed = [1, 2].map((users) => ({
      ...{ users, thinkTimeSeconds: 0, requests: 30 * users, meanRoundTripSeconds: LIMIT },
    }));
    const { timeoutBehaviour, reason } = inferTimeoutBehaviour(parameters, [], failed, LIMIT);
    expect(timeoutBehaviour).toBe("unknown");
    expect(reason).toMatch(/^Neither time-out behaviour explains .* off by 100\.0% .* intervals cover both/);
  });

  it("infer the time-out behaviour of long, heavily cut runs", () => {
    const seen = (users: number, thinkTimeSeconds: number): FailedCell => ({
      ...{ users, thinkTimeSeconds, requests: 200 * users, meanRoundTripSeconds: LIMIT },
    });
    const failed = [30, 60, 100].flatMap((users) => [0, 1, 5].map((think) => seen(users, think)));
    expect(inferTimeoutBehaviour(parameters, [], failed, LIMIT).reason).not.toBe("");
  });

  it("where nothing tells what becomes of them, intervals hold both, and the answer says so", () => {
    const model = fitModel(measured("keeps-running", [1, 2, 3, 4, 5, 6]), {
      limitSeconds: LIMIT,
      replications: 60,
    });
    expect(model.timeoutBehaviour).toEqual({
      timeoutBehaviour: "unknown",
      reason: expect.stringContaining("intervals cover both"),
    });
    for (const thinkTimeSeconds of [0, 5]) {
      for (const users of [9, 10, 12]) {
        const [one] = predict([{ users, thinkTimeSeconds }], model.prediction);
        for (const timeoutBehaviour of TIMEOUT_BEHAVIOURS) {
          const requests = run(users, thinkTimeSeconds, timeoutBehaviour);
          const success = average(requests.map((request) => (request.successful ? 1 : 0)));
          const mean = average(requests.map((request) => request.roundTripSeconds));
          expect(one?.successRateInterval.low).toBeLessThanOrEqual(success + 0.03);
          expect(one?.successRateInterval.high).toBeGreaterThanOrEqual(success - 0.03);
          expect(one?.interval.low).toBeLessThanOrEqual(1.01 * mean);
          expect(one?.interval.high).toBeGreaterThanOrEqual(0.99 * mean);
        }
      }
    }
  });

  it("that go on bring the host to answer nothing, where killed ones leave it room", () => {
    const at = (timeoutBehaviour: TimeoutBehaviour) =>
      solveCell(parameters, 9, 0, LIMIT, 1, { timeoutBehaviour }).prediction;
    expect(at("keeps-running")).toMatchObject({ successRate: 0, meanRoundTripSeconds: LIMIT });
    expect(at("cancelled").successRate).toBeCloseTo(0.395, 1);
  });
});

test("a station that takes no time, as far as numbers go, has no 0 / 0", () => {
  const nothing = {
    ...{ users: 3, thinkSeconds: 1, delaySeconds: 0, limitSeconds: 1e-12 },
    mostPerSecond: 1,
  };
  const respond = (away: number) => {
    expect(away).toBeGreaterThanOrEqual(1);
    return away > 2 ? 0 : 1;
  };
  const system = { ...nothing, respond, crowded: () => 1, cutMean: (response: number) => response / 2 };
  expect(responseUnderCuts(system, "cancelled")).toBeGreaterThanOrEqual(0);
});
