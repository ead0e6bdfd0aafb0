import { type Autoscaler, type AutoscalerOptions, createAutoscaler } from "@slbench/handler/autoscaler";
import { describe, expect, it, test } from "vitest";
import { createRandom } from "../../stats/random.ts";
import { coldShare } from "../../testing/keep-alive.ts";
import { solveOpen } from "../station/open-queue.ts";
import type { Platform, PlatformRun, Senders } from "./platform.ts";
import { type PlatformOptions, simulatePlatform } from "./simulate-platform.ts";

const PLATFORM: Platform = {
  replica: { demandSeconds: 1, servers: 1, contention: 0, delaySeconds: 0, demandVariation: 0 },
  concurrency: 1,
  hostServers: Number.POSITIVE_INFINITY,
  startTime: { meanSeconds: 0, variation: 0 },
  maxQueued: Number.POSITIVE_INFINITY,
  timeoutBehaviour: "cancelled",
};

/** A start that takes no time would not be one. */
const HARDLY_ANY = { meanSeconds: 1e-6, variation: 0 };

const fixed = (replicas: number): AutoscalerOptions => ({
  rule: "kpa",
  target: 1,
  minReplicas: replicas,
  maxReplicas: replicas,
});

const perRequest = (keepAliveSeconds: number): AutoscalerOptions => ({
  rule: "per-request",
  keepAliveSeconds,
  maxReplicas: 10_000,
});

/** Requests that arrive at once at given times. */
const burst = (...startSeconds: readonly number[]): Senders => ({
  startSeconds,
  requestsPerUser: 1,
  thinkTimeSeconds: 0,
});

function poisson(arrivalsPerSecond: number, requests: number, seed: number): Senders {
  const random = createRandom(seed);
  let at = 0;
  return burst(
    ...Array.from({ length: requests }, () => {
      at -= Math.log(1 - random()) / arrivalsPerSecond;
      return at;
    }),
  );
}

const OPTIONS = { limitSeconds: Number.POSITIVE_INFINITY, seed: 3 };

const run = (
  rule: AutoscalerOptions,
  options: Pick<PlatformOptions, "senders"> & Partial<PlatformOptions>,
  platform: Partial<Platform> = {},
): PlatformRun =>
  simulatePlatform({ ...PLATFORM, ...platform }, createAutoscaler(rule), {
    ...OPTIONS,
    initialReplicas: "minReplicas" in rule ? (rule.minReplicas ?? 0) : 0,
    ...options,
  });

const meanOf = ({ requests }: PlatformRun) =>
  requests.reduce((sum, one) => sum + one.roundTripSeconds, 0) / requests.length;
const coldOf = ({ requests }: PlatformRun) => requests.filter(({ isCold }) => isCold).length;
const roundTrips = ({ requests }: PlatformRun) => requests.map((one) => one.roundTripSeconds);

describe("simulatePlatform() against known queues", () => {
  test.each([
    [0.6, 1],
    [1.5, 2],
    [4, 6],
  ])("with a fixed number of replicas it is M/M/c: %d/s on %d", (arrivals, servers) => {
    const found = run(fixed(servers), { senders: poisson(arrivals, 60_000, servers), work: "exponential" });
    expect(meanOf(found) / solveOpen(arrivals, 1, servers).responseSeconds).toBeCloseTo(1, 1);
    expect(coldOf(found)).toBe(0);
    expect(found.replicaSeconds / found.endSeconds).toBeCloseTo(servers, 9);
  });

  it("with a limited queue it is M/M/c/K: the share that fails is Erlang's", () => {
    // M/M/2/3, λ = 2, S = 1: p = 1, 2, 2, 2 over 7 (Kleinrock 1975, section 3.6 with two servers).
    const found = run(fixed(2), { senders: poisson(2, 60_000, 5), work: "exponential" }, { maxQueued: 1 });
    const failed = found.requests.filter(({ successful }) => !successful).length;
    expect(failed / found.requests.length).toBeCloseTo(2 / 7, 2);
  });

  it("without limit per replica, one replica that shares its server is M/M/1: S / (1 − ρ)", () => {
    const senders = poisson(0.5, 60_000, 7);
    const found = run(fixed(1), { senders, work: "exponential" }, { concurrency: Number.POSITIVE_INFINITY });
    expect(meanOf(found)).toBeCloseTo(2, 1);
  });

  it("replicas that share one core are one shared server, however many they are", () => {
    const senders = poisson(0.5, 60_000, 7);
    const found = run(perRequest(60), { senders, work: "exponential" }, { hostServers: 1 });
    expect(meanOf(found)).toBeCloseTo(2, 1);
  });

  test.each([
    [0.05, 0.01, 20],
    [0.2, 1, 20],
    [1, 2, 5],
    [3, 2, 10],
  ])(
    "a replica per request is M/M/∞: %d/s of %d s with keep-alive %d s have the exact share of cold starts",
    (rate, service, keepAlive) => {
      const found = run(
        perRequest(keepAlive),
        { senders: poisson(rate, 60_000, 11), work: "exponential" },
        { replica: { ...PLATFORM.replica, demandSeconds: service }, startTime: HARDLY_ANY },
      );
      const share = coldShare(rate, service, keepAlive);
      const error = 4 * Math.sqrt(share / 60_000);
      expect(Math.abs(coldOf(found) / 60_000 - share)).toBeLessThan(error);
      expect(meanOf(found) / service).toBeCloseTo(1, 1);
    },
  );

  it("one user with exponential think times starts cold with probability e^(−T/Z)", () => {
    const senders = {
      startSeconds: [0],
      requestsPerUser: 40_000,
      thinkTimeSeconds: 10,
      think: "exponential",
    } as const;
    const found = run(perRequest(15), { senders }, { startTime: { meanSeconds: 2, variation: 0.3 } });
    expect(coldOf(found) / 40_000).toBeCloseTo(Math.exp(-1.5), 2);
    const cold = found.requests.filter(({ isCold }) => isCold);
    const mean = cold.reduce((sum, one) => sum + one.roundTripSeconds, 0) / cold.length;
    expect(mean).toBeCloseTo(3, 1);
  });
});

describe("simulatePlatform() worked by hand", () => {
  const demandSeconds = 10;
  const platform = {
    replica: { ...PLATFORM.replica, demandSeconds },
    startTime: { meanSeconds: 3, variation: 0 },
  };

  it("KPA from zero: the first request wakes one replica, the next tick starts those for the others", () => {
    const rule: AutoscalerOptions = { rule: "kpa", target: 1, minReplicas: 0, maxReplicas: 10 };
    const found = run(rule, { senders: burst(1, 1, 1, 1) }, platform);
    // One replica at 1, three at the tick of 2; each takes 3 s, and each request then 10 s.
    expect(roundTrips(found)).toEqual([13, 14, 14, 14]);
    expect(coldOf(found)).toBe(4);
    expect(found.maxReplicas).toBe(4);
    expect(found.replicaSeconds).toBeCloseTo(14 + 3 * 13, 9);
  });

  it("the rule's clock moves its ticks, not the requests", () => {
    const rule: AutoscalerOptions = { rule: "kpa", target: 1, minReplicas: 0, maxReplicas: 10 };
    const found = run(rule, { senders: burst(1, 1), clockSeconds: 0.5 }, platform);
    // The tick of 2 is at 1.5.
    expect(roundTrips(found)).toEqual([13, 13.5]);
    expect(found.requests.map(({ startSeconds }) => startSeconds)).toEqual([1, 1]);
    expect(found.endSeconds).toBe(14.5);
  });

  it("KPA: fewer replicas than requests serve them in turn", () => {
    const rule: AutoscalerOptions = { rule: "kpa", target: 1, minReplicas: 0, maxReplicas: 2 };
    const found = run(rule, { senders: burst(1, 1, 1, 1) }, platform);
    expect(roundTrips(found)).toEqual([13, 14, 23, 24]);
    expect(found.requests.map(({ isCold }) => isCold)).toEqual([true, true, true, true]);
  });

  it("KPA: without requests, the last replica leaves after the stable window", () => {
    const rule: AutoscalerOptions = { rule: "kpa", target: 1, minReplicas: 0, maxReplicas: 10 };
    const found = run(rule, { senders: burst(2), untilSeconds: 300 }, platform);
    // Started at 2, busy until 15; the average is above 0 until 75, so the tick of 76 stops it.
    expect(found.replicaSeconds).toBeCloseTo(74, 9);
    expect(found.endSeconds).toBe(300);
  });

  it("per request: a burst is cold, the next one within the keep-alive is warm, a later one is cold", () => {
    const senders = burst(0, 0, 0, 30, 30, 30, 200, 200, 200);
    const found = run(perRequest(60), { senders }, platform);
    expect(roundTrips(found)).toEqual([13, 13, 13, 10, 10, 10, 13, 13, 13]);
    expect(found.requests.map(({ isCold }) => isCold)).toEqual([
      ...[true, true, true],
      ...[false, false, false],
      ...[true, true, true],
    ]);
    // Idle from 40 to 100.
    expect(found.replicaSeconds).toBeCloseTo(3 * 100 + 3 * 13, 9);
  });

  it("scaling down while all are busy lets them complete", () => {
    const halve: Autoscaler = {
      observe: () => undefined,
      wanted: (at) => (at < 5 ? 2 : 1),
      nextAt: (at) => (at < 5 ? 5 : Number.POSITIVE_INFINITY),
    };
    const options = { ...OPTIONS, senders: burst(0, 0, 0), initialReplicas: 2 };
    const found = simulatePlatform({ ...PLATFORM, ...platform }, halve, options);
    expect(roundTrips(found)).toEqual([10, 10, 20]);
    expect(found.replicaSeconds).toBeCloseTo(20 + 10, 9);
  });

  it("a request that times out in the queue leaves it; one on a replica leaves it if it is cancelled", () => {
    const limited = { senders: burst(0, 0, 12), limitSeconds: 11 };
    const cancelled = run(fixed(1), limited, platform);
    expect(roundTrips(cancelled)).toEqual([10, 11, 10]);
    expect(cancelled.requests.map(({ successful }) => successful)).toEqual([true, false, true]);
    const keeps = run(fixed(1), limited, { ...platform, timeoutBehaviour: "keeps-running" });
    // The second one runs from 10 to 20, so the third is cut while it runs.
    expect(keeps.requests.map(({ successful }) => successful)).toEqual([true, false, false]);
  });

  it("two requests on a replica that takes two share its one server", () => {
    const found = run(fixed(1), { senders: burst(0, 0, 0) }, { ...platform, concurrency: 2 });
    expect(roundTrips(found)).toEqual([20, 20, 30]);
  });
});

it("gives the same run for the same seed, and another for another", () => {
  const replica = { ...PLATFORM.replica, demandVariation: 0.3 };
  const senders = { startSeconds: [0, 1, 2], requestsPerUser: 20, thinkTimeSeconds: 1 };
  const of = (seed: number) =>
    run(perRequest(5), { senders, seed }, { replica, startTime: { meanSeconds: 1, variation: 0.5 } });
  expect(of(1)).toEqual(of(1));
  expect(of(1)).not.toEqual(of(2));
});
