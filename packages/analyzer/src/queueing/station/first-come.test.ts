import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { fitModel } from "../fit-model.ts";
import type { ModelCell } from "../fitting/observation.ts";
import { asymptoticBounds } from "./bounds.ts";
import { solveClosed } from "./closed-network.ts";
import { firstComeFactor } from "./first-come.ts";
import { type ModelParameters, paceOf, serviceRate } from "./parameters.ts";
import { predictCell, solveCell } from "./predict-cell.ts";
import { simulate } from "./simulate.ts";

const host = (changes: Partial<ModelParameters> = {}): ModelParameters => ({
  ...{ demandSeconds: 0.1, servers: 1, contention: 0, delaySeconds: 0, discipline: "first-come" },
  ...{ demandVariation: 0, waitVariation: 0 },
  ...changes,
});
const mean = (parameters: ModelParameters, users: number, thinkTimeSeconds: number) =>
  predictCell(parameters, users, thinkTimeSeconds, Number.POSITIVE_INFINITY).meanUncutSeconds;

describe("firstComeFactor()", () => {
  it("is 1 for a shared host, and where nobody thinks", () => {
    const { discipline: _, ...shared } = host();
    expect(firstComeFactor(shared, 8, 1)).toBe(1);
    expect(firstComeFactor(host(), 8, 0)).toBe(1);
  });

  test.each([1, 3, 5, 10, 11])(
    "puts %i users with constant work and think time on the asymptotic bound: they are in step",
    (users) => {
      const bound = asymptoticBounds(users, 0.1, 1, 1).responseSeconds;
      expect(mean(host(), users, 1) / bound).toBeCloseTo(1, 2);
    },
  );

  it("takes its bound from the best load: contention may make more users slower", () => {
    const { discipline: _, ...shared } = host({ demandSeconds: 0.8, servers: 3, contention: 0.05 });
    const fixed = (users: number) => predictCell(shared, users, 1, Number.POSITIVE_INFINITY).meanUncutSeconds;
    const exact = (users: number) => solveClosed(users, 1, (n) => serviceRate(shared, n)).responseSeconds;
    for (const users of [1, 4, 8, 12]) expect(fixed(users)).toBe(exact(users));
  });

  it("never leaves the bound downwards, nor goes far above product form", () => {
    const any = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        any(0.1, 3),
        any(1, 4),
        any(0, 0.5),
        (users, think, servers, cv) => {
          const parameters = host({ servers, demandVariation: cv });
          const bound = Math.max(0.1, users / serviceRate(parameters, users) - think);
          const { discipline: _, ...shared } = parameters;
          const found = mean(parameters, users, think);
          expect(found).toBeGreaterThanOrEqual(bound * (1 - 1e-9));
          expect(found).toBeLessThan(1.1 * mean(shared, users, think));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("brings no prediction below the bound, though it was found with other parameters", () => {
    const many = host({ servers: 100 });
    expect(predictCell(many, 8, 1, Number.POSITIVE_INFINITY, 0.5).meanUncutSeconds).toBe(0.1);
  });

  test.each([0, 0.1, 0.4])("never makes more users faster (variation of work %f)", (demandVariation) => {
    for (const [servers, think] of [
      [1, 1],
      [2.5, 0.7],
      [4, 2],
    ] as const) {
      const parameters = host({ servers, demandVariation });
      const means = Array.from({ length: 60 }, (_, index) => mean(parameters, index + 1, think));
      for (const [index, value] of means.entries())
        expect(value).toBeGreaterThanOrEqual((means[index - 1] ?? 0) * (1 - 1e-12));
    }
  });

  test.each(["cancelled", "keeps-running"] as const)(
    "nor where requests are cut (%s)",
    (timeoutBehaviour) => {
      for (const [servers, think, limit] of [
        [1, 1, 0.5],
        [2.5, 0.7, 0.3],
        [4.5, 4, 0.12],
      ] as const) {
        const parameters = host({ servers, demandVariation: 0.1, waitVariation: 0.4, contention: 0.02 });
        let before = 0;
        for (let users = 1; users <= 80; users++) {
          const factor = firstComeFactor(parameters, users, think);
          const { prediction } = solveCell(parameters, users, think, limit, factor, { timeoutBehaviour });
          expect(prediction.meanRoundTripSeconds).toBeGreaterThanOrEqual(before * (1 - 1e-9));
          expect(prediction.meanRoundTripSeconds).toBeLessThanOrEqual(limit);
          before = prediction.meanRoundTripSeconds;
        }
      }
    },
  );

  it("is deterministic", () => {
    const parameters = host({ demandVariation: 0.3 });
    expect(firstComeFactor(parameters, 7, 0.5)).toBe(firstComeFactor(parameters, 7, 0.5));
  });
});

describe("paceOf()", () => {
  it("adds up to what the station finishes, whoever is served", () => {
    const disciplines = fc.constantFrom(undefined, "first-come" as const);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.double({ min: 1, max: 25, noNaN: true }),
        disciplines,
        (n, servers, discipline) => {
          const parameters = {
            demandSeconds: 0.2,
            servers,
            contention: 0.03,
            ...(discipline && { discipline }),
          };
          const total = Array.from({ length: n }, (_, index) => paceOf(parameters, index, n)).reduce(
            (a, b) => a + b,
          );
          expect(total / parameters.demandSeconds).toBeCloseTo(serviceRate(parameters, n), 9);
        },
      ),
    );
  });
});

/** A run as the experiment makes it, by simulation: fixed think times, users who start one after another. */
function measure(parameters: ModelParameters, users: number, thinkTimeSeconds: number): ModelCell {
  const requests = simulate(parameters, {
    ...{ users, thinkTimeSeconds, requestsPerUser: 60, startRatePerSecond: 7.3 },
    ...{
      limitSeconds: Number.POSITIVE_INFINITY,
      timeoutBehaviour: "cancelled",
      seed: 10 * users + thinkTimeSeconds,
    },
  });
  const clients = Array.from({ length: users }, (_, user) => {
    const own = requests
      .filter((request) => request.user === user)
      .map((request) => request.roundTripSeconds);
    return { roundTripSeconds: own.slice(5, 55), successfulRequests: 50 };
  });
  return { users, thinkTimeSeconds, clients };
}

describe("fitModel() on a simulated host", () => {
  const loads = [1, 2, 3, 4, 5].flatMap((users) => [0, 1].map((think) => [users, think] as const));

  it("tells first come from sharing, and predicts what was not measured within 5 %", () => {
    const truth = host({ demandSeconds: 0.15, demandVariation: 0.1 });
    const cells = loads.map(([users, think]) => measure(truth, users, think));
    const model = fitModel(cells, { limitSeconds: 25, replications: 10 });
    expect(model.variant).toBe("first-come");
    for (const users of [6, 7, 8, 10]) {
      const measured = measure(truth, users, 1).clients.flatMap((client) => client.roundTripSeconds);
      const truthMean = measured.reduce((sum, value) => sum + value, 0) / measured.length;
      expect(Math.abs(mean(model.parameters, users, 1) / truthMean - 1)).toBeLessThan(0.05);
    }
  });
});
