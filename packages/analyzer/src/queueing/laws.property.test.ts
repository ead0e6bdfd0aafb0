import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandom } from "../stats/random.ts";
import { convolutionThroughput } from "../testing/convolution.ts";
import { loadDependentMva, mva } from "../testing/mva.ts";
import { average } from "./numeric/average.ts";
import { asymptoticBounds } from "./station/bounds.ts";
import { solveClosed } from "./station/closed-network.ts";
import { type ModelParameters, serviceRate } from "./station/parameters.ts";
import { simulateRun } from "./station/run.ts";
import { simulate } from "./station/simulate.ts";
import { steadyRange } from "./station/steady-state.ts";

const system = fc.record({
  users: fc.integer({ min: 1, max: 30 }),
  demandSeconds: fc.double({ min: 0.01, max: 20, noNaN: true }),
  servers: fc.double({ min: 1, max: 12, noNaN: true }),
  thinkSeconds: fc.double({ min: 0.01, max: 30, noNaN: true }),
  contention: fc.double({ min: 0, max: 0.1, noNaN: true }),
});

describe("the solvers", () => {
  it("agree: product form, load-dependent MVA and convolution", () => {
    fc.assert(
      fc.property(system, ({ users, thinkSeconds, ...station }) => {
        const rate = (n: number) => serviceRate(station, n);
        const { throughputPerSecond, responseSeconds } = solveClosed(users, thinkSeconds, rate);
        const recursion = loadDependentMva(users, thinkSeconds, rate)[users - 1];
        // The recursion takes p(0) as one minus the rest and loses digits where that is small.
        expect((recursion?.throughputPerSecond ?? 0) / throughputPerSecond).toBeCloseTo(1, 4);
        expect((recursion?.responseSeconds ?? 0) / responseSeconds).toBeCloseTo(1, 4);
        expect(convolutionThroughput(users, thinkSeconds, rate) / throughputPerSecond).toBeCloseTo(1, 6);
      }),
    );
  });

  it("agree with plain MVA for one server without contention", () => {
    fc.assert(
      fc.property(system, ({ users, demandSeconds, thinkSeconds }) => {
        const exact = mva([demandSeconds], users, thinkSeconds)[users - 1];
        const solved = solveClosed(users, thinkSeconds, () => 1 / demandSeconds);
        expect((exact?.throughputPerSecond ?? 0) / solved.throughputPerSecond).toBeCloseTo(1, 9);
      }),
    );
  });

  it("obey Little's law, keep the asymptotic bounds, and never lose throughput with more users", () => {
    fc.assert(
      fc.property(system, ({ users, demandSeconds, servers, thinkSeconds }) => {
        const rate = (n: number) => serviceRate({ demandSeconds, servers, contention: 0 }, n);
        const solved = solveClosed(users, thinkSeconds, rate);
        const inSystem = solved.throughputPerSecond * (solved.responseSeconds + thinkSeconds);
        expect(inSystem / users).toBeCloseTo(1, 9);
        const bounds = asymptoticBounds(users, demandSeconds, servers, thinkSeconds);
        expect(solved.throughputPerSecond).toBeLessThanOrEqual(bounds.throughputPerSecond * (1 + 1e-9));
        expect(solved.responseSeconds).toBeGreaterThanOrEqual(bounds.responseSeconds * (1 - 1e-9));
        const more = solveClosed(users + 1, thinkSeconds, rate);
        expect(more.throughputPerSecond).toBeGreaterThanOrEqual(solved.throughputPerSecond * (1 - 1e-12));
      }),
    );
  });
});

describe("simulate()", () => {
  const parameters = {
    demandSeconds: 1,
    servers: 2.5,
    contention: 0.04,
    delaySeconds: 0,
    demandVariation: 0.1,
  };

  it("agrees with the exact solution within 1% (exponential work and think times, 60 000 requests)", () => {
    const exact = solveClosed(6, 1.5, (n) => serviceRate(parameters, n)).responseSeconds;
    const ratios = [1, 2, 3].map((seed) => {
      const requests = simulate(parameters, {
        users: 6,
        thinkTimeSeconds: 1.5,
        requestsPerUser: 3500,
        startRatePerSecond: 1,
        limitSeconds: Number.POSITIVE_INFINITY,
        timeoutBehaviour: "cancelled",
        work: "exponential",
        think: "exponential",
        seed,
      });
      // Without the beginning, and without the end, when some users are done.
      const steady = requests.slice(100, -1000);
      return average(steady.map((request) => request.roundTripSeconds)) / exact;
    });
    expect(Math.abs(average(ratios) - 1)).toBeLessThan(0.01);
  });

  it("sends every request, cuts at the limit, and repeats itself with the same seed", () => {
    const options = {
      users: 9,
      thinkTimeSeconds: 0,
      requestsPerUser: 20,
      startRatePerSecond: 0.25,
      limitSeconds: 3.5,
      timeoutBehaviour: "cancelled" as const,
      seed: 3,
    };
    const requests = simulate(parameters, options);
    expect(requests).toHaveLength(180);
    expect(Math.max(...requests.map((request) => request.roundTripSeconds))).toBeLessThanOrEqual(3.5 + 1e-9);
    expect(requests.some((request) => !request.successful)).toBe(true);
    expect(simulate(parameters, options)).toEqual(requests);
  });

  it("answers fewer requests where a cut request goes on occupying the host", () => {
    const run = (timeoutBehaviour: "cancelled" | "keeps-running") =>
      simulate(parameters, {
        users: 12,
        thinkTimeSeconds: 2,
        requestsPerUser: 40,
        startRatePerSecond: 1,
        limitSeconds: 4,
        timeoutBehaviour,
        seed: 5,
      }).filter((request) => request.successful).length;
    expect(run("keeps-running")).toBeLessThan(run("cancelled"));
  });
});

describe("simulate(), first come, first served", () => {
  const host: ModelParameters = {
    ...{ demandSeconds: 0.1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0 },
    discipline: "first-come",
  };
  const meanOf = (parameters: ModelParameters, users: number, seed: number) => {
    const random = createRandom(seed);
    const requests = simulate(parameters, {
      ...{ users, thinkTimeSeconds: 1, requestsPerUser: 200, startRatePerSecond: 1, seed },
      startSeconds: Array.from({ length: users }, () => random()),
      ...{ limitSeconds: Number.POSITIVE_INFINITY, timeoutBehaviour: "cancelled" },
    });
    return average(requests.slice(users * 50, users * 180).map(({ roundTripSeconds }) => roundTripSeconds));
  };

  it.each([1, 3, 5, 10, 11])(
    "puts %i users with constant work and think time on the asymptotic bound: they are in step",
    (users) => {
      const bound = asymptoticBounds(users, 0.1, 1, 1).responseSeconds;
      expect(meanOf(host, users, 3) / bound).toBeCloseTo(1, 1);
    },
  );

  it("never leaves the bound downwards, nor goes far above product form, for any number of servers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 1, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 0.5, noNaN: true }),
        (users, servers, demandVariation) => {
          const parameters = { ...host, servers, demandVariation };
          const { least, shared } = steadyRange(parameters, users, 1);
          const found = meanOf(parameters, users, 5);
          expect(found).toBeGreaterThanOrEqual(0.95 * least);
          expect(found).toBeLessThan(1.15 * shared);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe("simulateRun()", () => {
  const host = { demandSeconds: 1, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.1 };
  const plan = { requestsPerUser: 37, startRatePerSecond: 0.25, isSteady: false };
  const options = {
    ...{ users: 8, thinkTimeSeconds: 0, limitSeconds: Number.POSITIVE_INFINITY, seed: 1 },
    timeoutBehaviour: "cancelled",
  } as const;

  it("counts the time in which not all users are in the system, unless figures are of the steady part", () => {
    const whole = simulateRun(host, plan, options);
    const steady = simulateRun(host, { ...plan, isSteady: true }, options);
    expect(whole.roundTripSeconds).toHaveLength(8 * 37);
    expect(whole.meanSeconds).toBeLessThan(0.95 * steady.meanSeconds);
    expect(steady.meanSeconds).toBeCloseTo(4, 1);
  });

  it("spreads round trips as far as requests share unevenly, and leaves those alone as they are", () => {
    const spreadOf = (users: number, waitVariation: number) => {
      const { roundTripSeconds, meanSeconds } = simulateRun(
        { ...host, waitVariation },
        { ...plan, isSteady: true },
        { ...options, users },
      );
      return Math.sqrt(average([...roundTripSeconds].map((one) => (one / meanSeconds - 1) ** 2)));
    };
    expect(spreadOf(8, 0.4)).toBeGreaterThan(2 * spreadOf(8, 0));
    expect(spreadOf(1, 0.4)).toBe(spreadOf(1, 0));
  });

  it("simulates thousands of users in a shorter run", () => {
    const run = simulateRun(host, plan, { ...options, users: 5000, thinkTimeSeconds: 1000 });
    expect(run.roundTripSeconds.length).toBeLessThan(5000 * 37);
    expect(run.meanSeconds).toBeGreaterThan(1);
  });
});
