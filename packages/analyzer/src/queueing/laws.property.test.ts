import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawNormal } from "../stats/draw-normal.ts";
import { createRandom } from "../stats/random.ts";
import { convolutionThroughput } from "../testing/convolution.ts";
import { loadDependentMva, mva } from "../testing/mva.ts";
import { average } from "./numeric/average.ts";
import { asymptoticBounds } from "./station/bounds.ts";
import { solveClosed } from "./station/closed-network.ts";
import { serviceRate } from "./station/parameters.ts";
import { predictCell } from "./station/predict-cell.ts";
import { logSpread, meanResponse, type ResponseTime, responseStdev } from "./station/response-time.ts";
import { simulate } from "./station/simulate.ts";
import { applyTimeLimit } from "./station/time-limit.ts";

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
    waitVariation: 0.3,
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

/** No classes, or two classes in which the larger requests wait longer or just as long. */
const classes = fc.constantFrom(
  undefined,
  ...[0.5, 1].map((waitRatio) => [
    { share: 0.8, demandRatio: 0.5, waitRatio },
    { share: 0.2, demandRatio: 3, waitRatio: 5 - 4 * waitRatio },
  ]),
);
const parts = fc.record({
  delaySeconds: fc.double({ min: 0, max: 5, noNaN: true }),
  demandSeconds: fc.double({ min: 0.01, max: 30, noNaN: true }),
  waitingSeconds: fc.double({ min: 0, max: 1000, noNaN: true }),
  demandVariation: fc.double({ min: 0, max: 2, noNaN: true }),
  waitVariation: fc.double({ min: 0, max: 3, noNaN: true }),
});
const response = fc
  .tuple(parts, classes)
  .map(([one, split]): ResponseTime => ({ ...one, ...(split !== undefined && { classes: split }) }));

describe("applyTimeLimit()", () => {
  const limits = fc.double({ min: 0.1, max: 60, noNaN: true });

  it("lies below limit and mean, and grows with the limit", () => {
    fc.assert(
      fc.property(response, limits, (one, limit) => {
        const mean = meanResponse(one);
        const cut = applyTimeLimit(one, limit);
        expect(cut.cutMeanSeconds).toBeLessThanOrEqual(Math.min(mean * (1 + 1e-12), limit));
        expect(cut.cutMeanSeconds).toBeGreaterThan(0);
        expect(cut.successRate).toBeGreaterThanOrEqual(0);
        expect(cut.successRate).toBeLessThanOrEqual(1);
        const longer = applyTimeLimit(one, limit + 1);
        expect(longer.successRate).toBeGreaterThanOrEqual(cut.successRate - 1e-12);
        expect(longer.cutMeanSeconds).toBeGreaterThanOrEqual(cut.cutMeanSeconds * (1 - 1e-12));
      }),
    );
  });

  it("is never faster, nor answers more, with more waiting", () => {
    fc.assert(
      fc.property(response, limits, fc.double({ min: 1, max: 3, noNaN: true }), (one, limit, times) => {
        const cut = applyTimeLimit(one, limit);
        const more = applyTimeLimit({ ...one, waitingSeconds: times * one.waitingSeconds + 0.01 }, limit);
        expect(more.cutMeanSeconds).toBeGreaterThanOrEqual(cut.cutMeanSeconds * (1 - 1e-11));
        expect(more.successRate).toBeLessThanOrEqual(cut.successRate + 1e-11);
      }),
    );
  });

  it("agrees with round trips drawn one by one", () => {
    const one = {
      ...{ delaySeconds: 0.5, demandSeconds: 10, waitingSeconds: 12 },
      ...{ demandVariation: 0.1, waitVariation: 0.4 },
    };
    const random = createRandom(3);
    const drawn = Array.from({ length: 100_000 }, () => {
      const z = drawNormal(random);
      const part = (mean: number, spread: number) => mean * Math.exp(spread * z - spread ** 2 / 2);
      return 0.5 + part(10, logSpread(0.1)) + part(12, logSpread(0.4));
    });
    const spreadOf = (values: readonly number[]) =>
      Math.sqrt(average(values.map((value) => (value - average(values)) ** 2)));
    const cut = applyTimeLimit(one, 25);
    const seen = drawn.map((seconds) => Math.min(25, seconds));
    expect(cut.successRate).toBeCloseTo(average(drawn.map((seconds) => (seconds <= 25 ? 1 : 0))), 2);
    expect(cut.cutMeanSeconds / average(seen)).toBeCloseTo(1, 2);
    expect(responseStdev(one)).toBeCloseTo(Math.sqrt(average(drawn.map((value) => (value - 22.5) ** 2))), 1);
    const some = seen.slice(0, 2000);
    expect(cut.cutStdevSeconds / spreadOf(some)).toBeGreaterThan(0.95);
    expect(cut.cutStdevSeconds / spreadOf(some)).toBeLessThan(1.05);
  });

  it("predictCell() without a limit answers everything", () => {
    const one = predictCell(
      {
        demandSeconds: 2,
        servers: 1,
        contention: 0,
        delaySeconds: 0.5,
        demandVariation: 0.1,
        waitVariation: 0.3,
      },
      1,
      0,
      Number.POSITIVE_INFINITY,
    );
    expect(one.meanRoundTripSeconds).toBeCloseTo(2.5, 12);
    expect(one.successRate).toBe(1);
  });
});
