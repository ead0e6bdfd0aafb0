import { describe, expect, it, test } from "vitest";
import { convolutionThroughput } from "../testing/convolution.ts";
import { interactiveResponse, littlesLaw, utilization } from "../testing/laws.ts";
import { mva } from "../testing/mva.ts";
import { fitUsl, uslPeakUsers, uslThroughput } from "./fitting/usl.ts";
import { asymptoticBounds, saturationUsers } from "./station/bounds.ts";
import { solveClosed } from "./station/closed-network.ts";
import { openResponseSeconds, solveOpen } from "./station/open-queue.ts";

describe("textbook cases", () => {
  it("Lazowska et al. 1984, section 3.2: Little's law, a disk with 40 requests/s of 0.0225 s is 90% busy", () => {
    expect(littlesLaw(40, 0.0225)).toBeCloseTo(0.9, 12);
    expect(utilization(40, 0.0225)).toBeCloseTo(0.9, 12);
  });

  it("Lazowska et al. 1984, section 3.2: Little's law, 4 requests at a disk of 40/s stay 0.1 s", () => {
    expect(littlesLaw(40, 0.1)).toBeCloseTo(4, 12);
  });

  it("Lazowska et al. 1984, section 3.3: 10 users, think time 5 s, response 15 s give 0.5 interactions/s", () => {
    expect(interactiveResponse(10, 0.5, 5)).toBeCloseTo(15, 12);
  });

  it("Lazowska et al. 1984, section 3.3: 64 users, 2 interactions/s, 30 s think time: response 2 s", () => {
    expect(interactiveResponse(64, 2, 30)).toBeCloseTo(2, 12);
  });

  it("Denning and Buzen 1978: demands 0.1 s … saturation where the asymptotes meet, N* = (S + Z) / S", () => {
    expect(saturationUsers(0.5, 1, 20)).toBeCloseTo(41, 12);
    expect(asymptoticBounds(50, 0.5, 1, 20)).toEqual({ throughputPerSecond: 2, responseSeconds: 5 });
  });

  it("Jain 1991, example 34.2 (balanced by hand): demands 125, 300, 200 ms, think time 4 s, 1 to 3 users", () => {
    const rows = mva([0.125, 0.3, 0.2], 3, 4);
    expect(rows[0]?.responseSeconds).toBeCloseTo(0.625, 9);
    expect(rows[0]?.throughputPerSecond).toBeCloseTo(1 / 4.625, 9);
    // N = 2: R = Σ D (1 + X(1) D), X(1) = 1 / 4.625
    expect(rows[1]?.responseSeconds).toBeCloseTo(0.625 + (0.125 ** 2 + 0.3 ** 2 + 0.2 ** 2) / 4.625, 9);
  });

  it("Machine repairman, one server, no think time: N customers wait N demands", () => {
    for (const users of [1, 2, 10])
      expect(solveClosed(users, 0, () => 2).responseSeconds).toBeCloseTo(users / 2, 12);
  });

  it("Kleinrock 1975: machine interference M/M/1//2, equal rates: idle probability 1/5", () => {
    // p0 = 1 / (1 + 2ρ + 2ρ²), ρ = 1
    expect(1 - solveClosed(2, 1, () => 1).throughputPerSecond).toBeCloseTo(0.2, 12);
  });

  it("M/M/1, λ = 0.5, S = 1: response S / (1 − ρ) = 2", () => {
    expect(solveOpen(0.5, 1, 1).responseSeconds).toBeCloseTo(2, 12);
    expect(solveOpen(0.5, 1, 1).waitProbability).toBeCloseTo(0.5, 12);
  });

  it("M/M/2, ρ = 0.5: Erlang C is 1/3, response 4/3 (Kleinrock 1975, section 3.5)", () => {
    const { waitProbability, responseSeconds } = solveOpen(1, 1, 2);
    expect(waitProbability).toBeCloseTo(1 / 3, 12);
    expect(responseSeconds).toBeCloseTo(4 / 3, 12);
  });

  it("Erlang C with 10 erlangs on 14 agents is 0.1741 (published Erlang tables)", () => {
    expect(solveOpen(10, 1, 14).waitProbability).toBeCloseTo(0.1741, 4);
  });

  it("an open station with a whole number of servers is M/M/c", () => {
    for (const [arrivals, servers] of [
      [0.5, 1],
      [1.9, 2],
      [10, 14],
    ] as const) {
      const open = openResponseSeconds(arrivals, (n) => Math.min(n, servers), servers);
      expect(open / solveOpen(arrivals, 1, servers).responseSeconds).toBeCloseTo(1, 9);
    }
    expect(openResponseSeconds(2, (n) => Math.min(n, 2), 2)).toBe(Number.POSITIVE_INFINITY);
  });

  it("M/M/c beyond its capacity has no steady state", () => {
    expect(solveOpen(3, 1, 2).responseSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  it("Gunther 2007: the peak of the scalability law lies at sqrt((1 − σ) / κ)", () => {
    const usl = { rate: 1, contention: 0.05, coherency: 0.0002 };
    const peak = uslPeakUsers(usl);
    expect(peak).toBeCloseTo(Math.sqrt(0.95 / 0.0002), 9);
    expect(uslThroughput(usl, peak)).toBeGreaterThan(uslThroughput(usl, peak * 1.1));
    expect(uslThroughput(usl, peak)).toBeGreaterThan(uslThroughput(usl, peak / 1.1));
  });

  it("fitUsl() gives back the law that made the points", () => {
    const usl = { rate: 4, contention: 0.03, coherency: 0.001 };
    const points = [1, 2, 4, 8, 16, 32].map((users) => ({
      users,
      throughputPerSecond: uslThroughput(usl, users),
    }));
    const fitted = fitUsl(points);
    expect(fitted.rate).toBeCloseTo(4, 6);
    expect(fitted.contention).toBeCloseTo(0.03, 6);
    expect(fitted.coherency).toBeCloseTo(0.001, 8);
  });

  it("Buzen 1973: convolution of a station and a delay of equal mean, N = 1: half the rate", () => {
    expect(convolutionThroughput(1, 1, () => 1)).toBeCloseTo(0.5, 12);
  });
});

test.each([
  [0, 1],
  [1.5, 1],
])("solveClosed() refuses %d users", (users, think) => {
  expect(() => solveClosed(users, think, () => 1)).toThrow(RangeError);
});
