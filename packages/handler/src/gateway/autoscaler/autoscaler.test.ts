import { describe, expect, test } from "vitest";
import { type AutoscalerOptions, createAutoscaler, type Load } from "./autoscaler.ts";
import { createKpaDecision } from "./kpa.ts";
import { createSamples } from "./samples.ts";
import { createSlidingMax } from "./sliding-max.ts";
import { createWindowAverage } from "./window-average.ts";

/** Feeds loads at their times and records the replicas wanted, asking also whenever the rule wants to be asked. */
function drive(
  options: AutoscalerOptions,
  loads: readonly (readonly [atSeconds: number, load: Partial<Load>])[],
  untilSeconds: number,
): (readonly [atSeconds: number, wanted: number])[] {
  const scaler = createAutoscaler(options);
  const changes: (readonly [number, number])[] = [];
  const ask = (at: number) => {
    const wanted = scaler.wanted(at);
    if (changes.at(-1)?.[1] !== wanted) changes.push([at, wanted]);
  };
  let load: Load = { inFlight: 0, queued: 0, ready: 0, starting: 0 };
  let now = 0;
  const passTo = (end: number) => {
    for (let at = scaler.nextAt(now); at < end; at = scaler.nextAt(at)) {
      ask(at);
      now = at;
    }
    now = end;
  };
  for (const [at, change] of loads) {
    passTo(at);
    load = { ...load, ...change };
    scaler.observe(at, load);
    ask(at);
  }
  passTo(untilSeconds);
  ask(untilSeconds);
  return changes;
}

// The cases of knative/serving, pkg/autoscaler/scaling/autoscaler_test.go, whose rates of change are 10.
describe("Knative's decision", () => {
  const decision = (target: number, options = {}) =>
    createKpaDecision({
      ...{ rule: "kpa", target, maxReplicas: 10_000, maxScaleUpRate: 10, maxScaleDownRate: 10 },
      ...options,
    });

  test.each([
    ["no load", 10, [0, 0], 1, 0],
    ["stable average ÷ target", 10, [50, 10], 1, 5],
    ["no change if scaled already", 10, [50, 50], 5, 5],
    ["panic takes the larger average", 10, [50, 100], 1, 10],
    ["scales up at most tenfold", 10, [1000, 1001], 1, 10],
    ["again tenfold", 10, [1000, 1001], 10, 100],
    ["scales down at most tenfold", 10, [1, 1], 100, 10],
    ["counts one replica if there is none", 10, [1000, 888], 0, 10],
    ["any load wants a replica", 10, [1, 0], 1, 1],
  ] as const)("%s", (_, target, [stable, panic], ready, wanted) => {
    expect(decision(target)(0, stable, panic, ready)).toBe(wanted);
  });

  test("a small rate of scaling up still allows one more, and of scaling down one less", () => {
    expect(decision(1, { maxScaleUpRate: 1.1 })(0, 3, 3.1, 2)).toBe(3);
    expect(decision(10, { maxScaleDownRate: 1.1 })(0, 1, 1, 100)).toBe(90);
  });

  test("does not scale down in panic, and does once a stable window has passed", () => {
    const decide = decision(10);
    expect(decide(0, 100, 100, 1)).toBe(10);
    expect(decide(0, 100, 1000, 10)).toBe(100);
    expect(decide(30, 1, 1, 10)).toBe(100);
    expect(decide(61, 1, 1, 10)).toBe(1);
  });

  test("leaves panic after a slow increase", () => {
    const decide = decision(1);
    expect(decide(0, 11, 25, 10)).toBe(25);
    expect(decide(30, 30, 41, 40)).toBe(41);
    expect(decide(62, 50, 56, 55)).toBe(50);
  });

  test("extends the panic while the surge lasts", () => {
    const decide = decision(1);
    expect(decide(0, 11, 25, 10)).toBe(25);
    expect(decide(30, 30, 80, 40)).toBe(80);
    expect(decide(62, 30, 80, 80)).toBe(80);
    expect(decide(91, 30, 30, 80)).toBe(30);
  });

  test("follows an exponential increase", () => {
    const decide = decision(1);
    expect([6, 36, 216, 1296].map((load, index) => decide(index, load, load, 6 ** index))).toEqual([
      6, 36, 216, 1296,
    ]);
    expect(decide(4, 1296, 1296, 1296)).toBe(1296);
  });
});

describe("Knative's windows and zero", () => {
  const kpa: AutoscalerOptions = { rule: "kpa", target: 1, maxReplicas: 10 };

  test("a request at zero is decided at once; the replica leaves a stable window after it", () => {
    const changes = drive(
      kpa,
      [
        [101.3, { queued: 1 }],
        [101.3, { starting: 1 }],
        [102, { queued: 0, inFlight: 1, ready: 1, starting: 0 }],
        [103, { inFlight: 0 }],
      ],
      300,
    );
    expect(changes).toEqual([
      [101.3, 1],
      [164, 0],
    ]);
  });

  test("the grace period keeps the last replica longer", () => {
    const load: [number, Partial<Load>][] = [
      [100, { inFlight: 1, ready: 1 }],
      [101, { inFlight: 0 }],
    ];
    expect(drive({ ...kpa, scaleToZeroGraceSeconds: 30 }, load, 300).at(-1)).toEqual([192, 0]);
  });

  test("after an empty window the average begins with the burst", () => {
    const burst = [1, 2, 3, 4].map((queued) => [101 + queued / 10, { queued }] as const);
    // One replica for the first request at once; at the next tick (0.1 + 0.2 + 0.3 + 0.6 × 4) ÷ 0.9 = 3.3.
    expect(drive(kpa, burst, 103)).toEqual([
      [101.1, 1],
      [102, 4],
    ]);
  });

  test("a burst after quiet minutes is spread over the panic window", () => {
    const changes = drive(
      kpa,
      [
        [0, { ready: 1, inFlight: 1 }],
        [100, { inFlight: 9 }],
      ],
      106,
    );
    // Averages over 6 s at 102, 104 and 106 s: (4 × 1 + 2 × 9) ÷ 6 = 3.7, then 6.3 and 9.
    expect(changes).toEqual([
      [0, 1],
      [102, 4],
      [104, 7],
      [106, 9],
    ]);
  });

  test("scales down at most by half per tick", () => {
    const changes = drive(
      kpa,
      [
        [0, { inFlight: 8, ready: 8 }],
        [1, { inFlight: 0 }],
      ],
      70,
    );
    expect(changes.at(-1)).toEqual([2, 4]);
  });

  test("stays within its bounds, and asks for no tick while it sleeps", () => {
    expect(drive({ ...kpa, minReplicas: 2 }, [], 10)).toEqual([[0, 2]]);
    expect(drive({ ...kpa, maxReplicas: 3 }, [[0, { queued: 50 }]], 10)).toEqual([[0, 3]]);
    const scaler = createAutoscaler(kpa);
    scaler.wanted(0);
    expect(scaler.nextAt(0)).toBe(Number.POSITIVE_INFINITY);
  });
});

// The examples of docs.openfaas.com/architecture/autoscaling.
describe("OpenFaaS", () => {
  const capacity: AutoscalerOptions = {
    ...{ rule: "openfaas", by: "capacity", target: 5, targetProportion: 1, maxReplicas: 10 },
  };

  test("by capacity: 15 requests want 3 replicas, 25 want 5, none want 1", () => {
    const changes = drive(
      capacity,
      [
        [0, { ready: 1, inFlight: 15 }],
        [16, { ready: 3, inFlight: 25 }],
        [31, { ready: 5, inFlight: 0 }],
      ],
      200,
    );
    expect(changes).toEqual([
      [0, 1],
      [15, 3],
      [30, 5],
      [90, 1],
    ]);
  });

  test("a proportion of 0.7 adds a replica at 70 of 100 requests", () => {
    const options = { ...capacity, target: 100, targetProportion: 0.7 };
    expect(drive(options, [[0, { ready: 1, inFlight: 90 }]], 20).at(-1)).toEqual([15, 2]);
    expect(drive(options, [[0, { ready: 1, inFlight: 70 }]], 20)).toEqual([[0, 1]]);
  });

  test("by rps: completed requests per second over 30 s", () => {
    const loads = Array.from({ length: 61 }, (_, at) => [at, { ready: 1, completed: at * 90 }] as const);
    const changes = drive({ ...capacity, by: "rps", target: 50, targetProportion: 0.9 }, loads, 61);
    expect(changes.at(-1)).toEqual([15, 2]);
  });

  test("by cpu: milli-CPU between the newest two scrapes", () => {
    const loads = Array.from({ length: 61 }, (_, at) => [at, { ready: 1, cpuSeconds: at * 2 }] as const);
    const changes = drive({ ...capacity, by: "cpu", target: 500, targetProportion: 1 }, loads, 61);
    expect(changes).toEqual([
      [0, 1],
      [15, 4],
    ]);
  });

  test("the scale-down window keeps the highest recommendation", () => {
    const loads: [number, Partial<Load>][] = [
      [0, { ready: 8, inFlight: 40 }],
      [11, { inFlight: 10 }],
    ];
    expect(drive(capacity, loads, 600).at(-1)).toEqual([60, 2]);
    expect(drive({ ...capacity, scaleDownWindowSeconds: 300 }, loads, 600).at(-1)).toEqual([345, 2]);
  });

  test("scales to zero only if told to, after the idle time; a request wakes the minimum at once", () => {
    const loads: [number, Partial<Load>][] = [
      [0, { ready: 2, inFlight: 1 }],
      [7, { inFlight: 0 }],
      [500, { ready: 0 }],
      [501.5, { queued: 1 }],
    ];
    const options = { ...capacity, minReplicas: 2, zeroAfterSeconds: 60 };
    expect(drive(options, loads, 502)).toEqual([
      [0, 2],
      [75, 0],
      [501.5, 2],
    ]);
    expect(drive({ ...capacity, minReplicas: 2 }, loads, 502)).toEqual([[0, 2]]);
  });
});

describe("a replica per request", () => {
  const lambda: AutoscalerOptions = { rule: "per-request", keepAliveSeconds: 60, maxReplicas: 5 };

  test("wants a replica per request at once, and keeps each for its keep-alive", () => {
    const changes = drive(
      lambda,
      [
        [1, { queued: 1 }],
        [2, { inFlight: 3, queued: 0 }],
        [5, { inFlight: 1 }],
        [40, { inFlight: 2 }],
        [41, { inFlight: 0 }],
      ],
      200,
    );
    expect(changes).toEqual([
      [1, 1],
      [2, 3],
      [65, 2],
      [101, 0],
    ]);
  });

  test("stays within the concurrency limit and the provisioned concurrency", () => {
    expect(drive(lambda, [[0, { queued: 9 }]], 1)).toEqual([[0, 5]]);
    expect(drive({ ...lambda, minReplicas: 2 }, [], 100)).toEqual([[100, 2]]);
  });
});

describe("windows", () => {
  test("an average weighs values by their time", () => {
    const window = createWindowAverage(60);
    window.set(0, 1);
    expect(window.average(0)).toBe(1);
    window.set(30, 4);
    expect(window.average(45)).toBe(2);
    expect(window.average(75)).toBe((15 * 1 + 45 * 4) / 60);
    expect(window.average(90)).toBe(4);
  });

  test("an average over thousands of steps equals the plain sum", () => {
    const window = createWindowAverage(10);
    const value = (step: number) => (step * 7) % 13;
    for (let step = 0; step <= 5000; step++) {
      window.set(step / 10, value(step));
      if (step % 997 === 0 && step > 100) {
        let sum = 0;
        for (let i = step - 100; i < step; i++) sum += value(i);
        expect(window.average(step / 10)).toBeCloseTo(sum / 100, 9);
      }
    }
  });

  test("a sliding maximum drops a window after its value ended", () => {
    const max = createSlidingMax(10);
    max.set(0, 3);
    max.set(5, 1);
    expect([max.max(14.9), max.dropsAt(14.9), max.max(15), max.dropsAt(15)]).toEqual([
      3,
      15,
      1,
      Number.POSITIVE_INFINITY,
    ]);
  });

  test("samples are taken at multiples of their interval", () => {
    const samples = createSamples(5, 45);
    samples.set(1, 7);
    samples.set(4, 0);
    expect(samples.max(6)).toBe(0);
    samples.set(9, 2);
    samples.set(11, 0);
    expect(samples.max(55)).toBe(2);
    expect(samples.max(55.1)).toBe(0);
  });
});
