import { describe, expect, it } from "vitest";
import { average } from "../numeric/average.ts";
import { openResponseSeconds } from "./open-queue.ts";
import { simulateOpenRun } from "./open-run.ts";
import { type ModelParameters, serviceRate } from "./parameters.ts";

const HOST: ModelParameters = {
  ...{ demandSeconds: 1, servers: 2, contention: 0, delaySeconds: 0, demandVariation: 0.5 },
};

/** Averages over runs, each with its seed. */
function simulate(parameters: ModelParameters, options: Partial<Parameters<typeof simulateOpenRun>[1]>) {
  const runs = Array.from({ length: 20 }, (_, seed) =>
    simulateOpenRun(parameters, {
      ...{ arrivalsPerSecond: 1.4, seconds: 4000, limitSeconds: Number.POSITIVE_INFINITY },
      ...{ process: "poisson", timeoutBehaviour: "cancelled", seed: seed + 1, ...options },
    }),
  );
  return {
    mean: average(runs.map(({ meanSeconds }) => meanSeconds)),
    success: average(runs.map(({ successRate }) => successRate)),
  };
}

describe("simulateOpenRun()", () => {
  it("comes to the steady state that sharing has for any distribution of work", () => {
    const expected = openResponseSeconds(1.4, (n) => serviceRate(HOST, n), 2);
    expect(simulate(HOST, {}).mean / expected).toBeCloseTo(1, 1);
    expect(Math.abs(simulate(HOST, {}).mean / expected - 1)).toBeLessThan(0.03);
  });

  it("waits as long as Pollaczek and Khinchine say in a queue with constant work", () => {
    const queue: ModelParameters = { ...HOST, servers: 1, demandVariation: 0, discipline: "first-come" };
    // S + ρ S / (2 (1 − ρ)), ρ = 0.7
    const { mean } = simulate(queue, { arrivalsPerSecond: 0.7 });
    expect(Math.abs(mean / (1 + 0.7 / 0.6) - 1)).toBeLessThan(0.03);
  });

  it("serves some requests of an overload if those that time out are cancelled, and hardly any if they keep running", () => {
    const overload = { arrivalsPerSecond: 4, seconds: 1000, limitSeconds: 10 } as const;
    const queue: ModelParameters = { ...HOST, discipline: "first-come" };
    const cancelled = simulate(queue, overload);
    // Two servers finish at most 2 of 4 requests per second, and waste time on those that time out in service.
    expect(cancelled.success).toBeGreaterThan(0.15);
    expect(cancelled.success).toBeLessThan(0.5);
    expect(cancelled.mean).toBeLessThan(10);
    expect(simulate(queue, { ...overload, timeoutBehaviour: "keeps-running" }).success).toBeLessThan(0.05);
  });

  it("makes the requests of a burst wait for one another, and constant ones not at all", () => {
    const queue: ModelParameters = { ...HOST, servers: 1, demandVariation: 0, discipline: "first-come" };
    const burst = { process: "bursts:10/60/0", arrivalsPerSecond: 10 / 60, seconds: 4000 } as const;
    expect(simulate(queue, burst).mean).toBeCloseTo((1 + 10) / 2, 6);
    expect(simulate(queue, { process: "constant", arrivalsPerSecond: 0.9 }).mean).toBeCloseTo(1, 6);
  });

  it("shows a queue that grows for as long as requests arrive", () => {
    const [short, long] = [100, 400].map((seconds) => simulate(HOST, { arrivalsPerSecond: 4, seconds }).mean);
    expect((long ?? 0) / (short ?? 1)).toBeGreaterThan(3);
  });
});
