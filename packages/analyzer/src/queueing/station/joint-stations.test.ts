import { describe, expect, it } from "vitest";
import { average } from "../numeric/average.ts";
import { joinStations } from "./joint-stations.ts";
import { type ModelParameters, mostPerSecond, serviceRate } from "./parameters.ts";
import { simulate } from "./simulate.ts";
import { mainShare, steadyRange } from "./steady-state.ts";

/** A lock around 0.3 s, and 0.5 s that four requests do at a time. */
const HOST: ModelParameters = {
  ...{ demandSeconds: 0.3, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 1 },
  other: { demandSeconds: 0.5, servers: 4 },
};

describe("joinStations()", () => {
  it("has the throughput of mean value analysis for two single servers", () => {
    const { rates, atFirst } = joinStations(
      () => 1 / 0.3,
      () => 1 / 0.5,
      6,
    );
    // Reiser and Lavenberg: R_k(n) = S_k (1 + Q_k(n − 1)), X(n) = n / Σ R, Q_k = X R_k.
    let [first, second] = [0, 0];
    for (let n = 1; n <= 6; n++) {
      const times = [0.3 * (1 + first), 0.5 * (1 + second)] as const;
      const rate = n / (times[0] + times[1]);
      [first, second] = [rate * times[0], rate * times[1]];
      expect(rates[n]).toBeCloseTo(rate, 10);
      expect(atFirst[n]).toBeCloseTo(first, 10);
    }
  });

  it("stays finite for as many servers as a fit may have", () => {
    const servers = (n: number) => Math.min(n, 800);
    const { rates } = joinStations(servers, () => 1e-3, 200);
    expect([...rates].every(Number.isFinite)).toBe(true);
    expect(rates[200]).toBeCloseTo(1e-3, 10);
  });
});

it("a simulated run comes to the steady state of two stations, and to the time at each", () => {
  for (const [users, thinkTimeSeconds] of [
    [3, 0],
    [6, 1],
    [12, 1],
  ] as const) {
    const requests = simulate(HOST, {
      ...{ users, thinkTimeSeconds, requestsPerUser: 5000, startRatePerSecond: 1 },
      ...{ limitSeconds: Number.POSITIVE_INFINITY, timeoutBehaviour: "cancelled", seed: 3 },
      ...{ work: "exponential", think: "exponential" },
    });
    const mean = average(requests.map(({ roundTripSeconds }) => roundTripSeconds));
    const other = average(requests.map(({ otherSeconds = 0 }) => otherSeconds));
    expect(mean / steadyRange(HOST, users, thinkTimeSeconds).shared).toBeCloseTo(1, 1);
    expect(1 - other / mean).toBeCloseTo(mainShare(HOST, users, thinkTimeSeconds), 1);
  }
});

it("requests that time out leave whichever station they are at", () => {
  const host: ModelParameters = { ...HOST, demandVariation: 0, discipline: "first-come" };
  const run = (timeoutBehaviour: "cancelled" | "keeps-running") =>
    simulate(host, {
      ...{ users: 12, thinkTimeSeconds: 0, requestsPerUser: 40, startRatePerSecond: 10 },
      ...{ limitSeconds: 2, timeoutBehaviour, seed: 3 },
    });
  const success = (requests: ReturnType<typeof run>) =>
    requests.filter(({ successful }) => successful).length / requests.length;
  for (const one of run("cancelled")) expect(one.roundTripSeconds).toBeLessThan(2.000001);
  expect(success(run("cancelled"))).toBeGreaterThan(success(run("keeps-running")));
});

it("two stations serve what the slower one serves", () => {
  expect(mostPerSecond(HOST)).toBeCloseTo(1 / 0.3, 10);
  expect(serviceRate(HOST, 1)).toBeCloseTo(1 / 0.8, 10);
  for (const n of [50, 199, 200, 201, 5000]) {
    expect(serviceRate(HOST, n)).toBeLessThanOrEqual(1 / 0.3 + 1e-9);
    expect(serviceRate(HOST, n)).toBeGreaterThan(0.99 / 0.3);
  }
});
