import { describe, expect, test } from "vitest";
import { causeOfDeath, forgive, healthyWorker, observe, type WorkerSignal } from "./liveness.ts";

const refused = { kind: "port", state: "refused" } as const;
const answers = { kind: "port", state: "answers" } as const;
const reset = { kind: "port", state: "other-key" } as const;
const jmeterWorks = { kind: "jmeter-works" } as const;
const clientsWork = { kind: "clients-work" } as const;

/** The first tenth of a second at which the worker counts as dead, with the reason. */
function verdict(signals: readonly (readonly [number, WorkerSignal])[], untilMs = 30_000) {
  let health = healthyWorker(0);
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 100) {
    for (const [atMs, signal] of signals) if (atMs === nowMs) health = observe(health, signal, nowMs);
    const why = causeOfDeath(health, nowMs);
    if (why !== undefined) return { nowMs, why };
  }
  return undefined;
}

/** One signal each second. */
const each = (signal: WorkerSignal, fromMs: number, toMs: number) =>
  Array.from({ length: (toMs - fromMs) / 1000 + 1 }, (_, i) => [fromMs + i * 1000, signal] as const);

describe("causeOfDeath()", () => {
  test.each([
    ["one refused probe", [...each(answers, 0, 4000), [5000, refused], ...each(answers, 6000, 30_000)]],
    [
      "two refused probes",
      [...each(answers, 0, 4000), ...each(refused, 5000, 6000), ...each(answers, 7000, 30_000)],
    ],
    ["one reset probe", [...each(answers, 0, 4000), [5000, reset], ...each(answers, 6000, 30_000)]],
    ["7 s of silence", [...each(answers, 0, 4000), ...each(answers, 11_000, 30_000)]],
    ["silence while samples arrive", [...each(answers, 0, 4000), ...each(jmeterWorks, 5000, 30_000)]],
    ["refusals while samples arrive", [...each(refused, 5000, 30_000), ...each(jmeterWorks, 0, 30_000)]],
  ] as const)("spares a worker after %s", (_, signals) => {
    expect(verdict(signals)).toBeUndefined();
  });

  test("reports an ended process at once", () => {
    expect(verdict([...each(answers, 0, 30_000), [5000, { kind: "process-ended", how: "SIGKILL" }]])).toEqual(
      {
        nowMs: 5000,
        why: "its process ended (SIGKILL)",
      },
    );
  });

  test("reports a port that refuses three probes over 2 s without any work meanwhile", () => {
    expect(verdict([...each(answers, 0, 4000), ...each(refused, 5000, 30_000)])).toEqual({
      nowMs: 7000,
      why: "its port refused 3 connections in 2.0 s",
    });
  });

  test("does not count refusals of one burst as three", () => {
    const burst = [5000, 5100, 5200].map((atMs) => [atMs, refused] as const);
    expect(verdict([...each(answers, 0, 4000), ...burst, ...each(answers, 6000, 30_000)])).toBeUndefined();
  });

  test("reports a killed JMeter within 10 s although its clients continue writing journals", () => {
    const signals = [
      ...each(answers, 0, 4000),
      ...each(refused, 5000, 30_000),
      ...each(clientsWork, 0, 30_000),
    ];
    expect(verdict(signals)?.nowMs).toBe(12_100);
  });

  test("reports a vanished host or stopped process within 10 s of its last response", () => {
    expect(verdict(each(answers, 0, 4000))).toEqual({
      nowMs: 12_100,
      why: "it gave no sign of life for 8.1 s",
    });
  });

  test("reports a stopped JMeter within 10 s although its clients continue writing journals", () => {
    expect(verdict([...each(answers, 0, 4000), ...each(clientsWork, 0, 30_000)])?.nowMs).toBe(12_100);
  });

  test("ignores time during which the controller was stalled", () => {
    const stalled = forgive(healthyWorker(0), 9000);
    expect(causeOfDeath(stalled, 10_000)).toBeUndefined();
    expect(causeOfDeath(healthyWorker(0), 10_000)).toBeDefined();
  });
});
