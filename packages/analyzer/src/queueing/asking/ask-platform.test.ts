import { describe, expect, it, test } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel } from "../fit-model.ts";
import type { AutoscalerOptions } from "../serverless/rules.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { askPlatform } from "./ask-platform.ts";
import { describeLoad, type PlatformLoad, parseBurst } from "./platform-loads.ts";

const HOST: ModelParameters = {
  demandSeconds: 1,
  servers: 1,
  contention: 0,
  delaySeconds: 0,
  demandVariation: 0.1,
};
const COLD = { ...HOST, coldStarts: { seconds: 3, variation: 0.05, keepAliveSeconds: 4 } };

const fitOf = (host: ModelParameters) =>
  fitModel(
    [1, 2, 3].flatMap((users) =>
      [0, 5].map((thinkTimeSeconds) =>
        simulatedCell(host, { users, thinkTimeSeconds, seed: users, reportsColdStarts: true }),
      ),
    ),
    { limitSeconds: 100, replications: 30 },
  );

const model = fitOf(HOST);
const perRequest = (keepAliveSeconds: number, maxReplicas = 50): AutoscalerOptions => ({
  rule: "per-request",
  keepAliveSeconds,
  maxReplicas,
});
const kpa = (target: number): AutoscalerOptions => ({ rule: "kpa", target, minReplicas: 0, maxReplicas: 20 });
const ask = (rules: readonly AutoscalerOptions[], loads: readonly PlatformLoad[], more = {}) =>
  askPlatform(model, { rules, concurrency: 1, loads, startSeconds: 2, ...more });

describe("parseBurst()", () => {
  test.each([
    ["20@60s", { kind: "burst", requests: 20, everySeconds: 60 }, "a burst of 20 requests every 60 s"],
    ["5@2min", { kind: "burst", requests: 5, everySeconds: 120 }, "a burst of 5 requests every 120 s"],
    [
      "20@60s/1s",
      { kind: "burst", requests: 20, everySeconds: 60, withinSeconds: 1 },
      "a burst of 20 requests within 1 s every 60 s",
    ],
    ["8", { kind: "burst", requests: 8 }, "one burst of 8 requests"],
  ])("reads %s", (text, load, words) => {
    expect(parseBurst(text)).toEqual(load);
    expect(describeLoad(load as PlatformLoad)).toBe(words);
  });

  test.each(["", "0", "20@", "20@0s", "x@60s", "20@60/s", "20@1s/2s", "1000000"])("refuses %j", (text) => {
    expect(() => parseBurst(text)).toThrow(/is no burst/);
  });
});

describe("askPlatform()", () => {
  it("a replica per request: a burst is cold if the last one is longer ago than the keep-alive", () => {
    const burst = parseBurst("10@30s");
    const [short, long] = ask([perRequest(10), perRequest(60)], [burst]).predictions;
    expect(short?.coldShare).toBe(1);
    expect(short?.p95Seconds).toBeCloseTo(3.15, 1);
    expect(long?.coldShare).toBe(0);
    expect(long?.p95Seconds).toBeCloseTo(1.15, 1);
    // Ten replicas for 30 s each burst, or for 2 + 1 + 10 s.
    expect(long?.replicaSecondsPerRequest).toBeCloseTo(30, 0);
    expect(short?.replicaSecondsPerRequest).toBeCloseTo(13, 0);
  });

  it("finds the setting that keeps a goal with the fewest replica-seconds", () => {
    const burst = parseBurst("10@30s");
    const loose = ask([perRequest(60), perRequest(10)], [burst], { goal: "p95<5s" }).goal?.answers;
    expect(loose).toMatchObject([{ isSure: true, cheapest: { rule: { keepAliveSeconds: 10 } } }]);
    const tight = ask([perRequest(60), perRequest(10)], [burst], { goal: "p95<2s" }).goal?.answers;
    expect(tight).toMatchObject([{ isSure: true, cheapest: { rule: { keepAliveSeconds: 60 } } }]);
    const none = ask([perRequest(10)], [burst], { goal: "p95<2s" }).goal?.answers;
    expect(none).toEqual([{ load: burst, isSure: false }]);
  });

  it("KPA: a lower target costs more replica-seconds and is faster", () => {
    const [low, high] = ask([kpa(1), kpa(8)], [{ kind: "rate", arrivalsPerSecond: 5 }]).predictions;
    expect(low?.p95Seconds).toBeLessThan(high?.p95Seconds ?? 0);
    expect(low?.replicaSecondsPerRequest).toBeGreaterThan(high?.replicaSecondsPerRequest ?? 0);
  });

  it("replicas that share one core are slower under load", () => {
    const load: PlatformLoad = { kind: "users", users: 4, thinkTimeSeconds: 0 };
    const [own] = ask([perRequest(60)], [load]).predictions;
    const [shared] = ask([perRequest(60)], [load], { cores: 1 }).predictions;
    expect(own?.meanRoundTripSeconds).toBeLessThan(1.5);
    expect(shared?.meanRoundTripSeconds).toBeGreaterThan(3);
  });

  it("takes the start time from cold starts, and asks for it if there are none", () => {
    const questions = { rules: [perRequest(10)], concurrency: 1, loads: [parseBurst("5@30s")] };
    const answer = askPlatform(fitOf(COLD), questions);
    expect(answer.startTime).toMatchObject({ source: "measured" });
    expect(answer.startTime.meanSeconds).toBeCloseTo(3, 0);
    expect(answer.predictions[0]?.p95Seconds).toBeCloseTo(4.2, 0);
    expect(() => askPlatform(model, questions)).toThrow(
      expect.objectContaining({ hint: "give it: --cold-start 2s" }),
    );
  });

  it("does not know what one replica serves at a time if their number changed, unless it serves one", () => {
    const questions = { rules: [kpa(2)], loads: [parseBurst("5@30s")], startSeconds: 1 };
    const changing = { ...model, replicas: "changing" as const };
    expect(() => askPlatform(changing, { ...questions, concurrency: 2 })).toThrow(
      /number of replicas changed/,
    );
    expect(askPlatform(changing, { ...questions, concurrency: 1 }).predictions.length).toBe(1);
  });
});
