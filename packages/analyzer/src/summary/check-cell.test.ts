import type { RequestResult } from "@slbench/client/report";
import { describe, expect, it, test } from "vitest";
import type { Warning } from "../core/warnings.ts";
import { createRandom } from "../stats/random.ts";
import { type TestClient, testClient } from "../testing/clients.ts";
import { type CellContext, checkCell, tooFewRequests } from "./check-cell.ts";
import { summarizeCell } from "./summarize-cell.ts";

/** Round trips around 0.5 s without a trend. */
const steady = (requests: number, seed = 0) =>
  Array.from({ length: requests }, (_, index) => 0.5 + 0.05 * Math.sin((index + seed) * 2.399));

const warningsOf = (
  clients: readonly TestClient[],
  thinkTimeSeconds = 1,
  context: Partial<CellContext> = {},
): readonly Warning[] => {
  const runs = clients.map((client, index) => testClient({ user: `w1-u${index + 1}`, ...client }));
  const cell = summarizeCell({ condition: { users: clients.length, thinkTimeSeconds }, clients: runs });
  return [
    ...tooFewRequests([cell]),
    ...checkCell(cell, runs, { loads: [], isConditionInferred: false, ...context }),
  ];
};

const codes = (...given: Parameters<typeof warningsOf>) => warningsOf(...given).map(({ code }) => code);

/** Its responses take a time from the first byte to the last. */
const receiving = (receiveSeconds: number, receivedBytes: number): TestClient => ({
  roundTrips: steady(40),
  change: (request) => ({ ...request, receiveSeconds, receivedBytes }),
});

const stepAt = (sequence: number, micros: number): Required<Pick<TestClient, "change">> => ({
  change: (request) =>
    request.sequence < sequence
      ? request
      : { ...request, startEpochMicros: request.startEpochMicros + micros },
});

describe("checkCell()", () => {
  it("does not warn about steady clients that start together", () => {
    expect(codes([{ roundTrips: steady(40) }, { roundTrips: steady(40, 7) }])).toEqual([]);
  });

  it("does not warn if clients start one after the other, each with its own time", () => {
    const clients = [0, 20, 40, 60].map((startSeconds) => ({
      startSeconds,
      roundTrips: steady(60, startSeconds),
    }));
    expect(codes(clients)).toEqual([]);
  });

  test.each([
    ["the think time is not the condition's", [{ roundTrips: steady(40) }], 2, ["LAW_OFF"]],
    ["the condition has another think time", [{ roundTrips: steady(40), thinkSeconds: 0 }], 1, ["LAW_OFF"]],
    ["it is 4 % off", [{ roundTrips: steady(40) }], 1.06, []],
    ["there are few requests", [{ roundTrips: steady(29) }], 1, ["FEW_REQUESTS"]],
    ["there are enough", [{ roundTrips: steady(30) }], 1, []],
    [
      "small responses end 41 ms after their first byte",
      [receiving(0.041, 300)],
      1,
      ["ACKNOWLEDGEMENT_DELAYED"],
    ],
    ["large ones do", [receiving(0.041, 100_000)], 1, []],
    ["they take 60 ms", [receiving(0.06, 300)], 1, []],
    ["round trips rise", [{ roundTrips: steady(60).map((value, i) => value + i / 100) }], 1, ["NOT_STEADY"]],
    ["they rise by little", [{ roundTrips: steady(60).map((value, i) => value + i / 1200) }], 1, []],
    [
      "the clock went back a little",
      [{ roundTrips: steady(400), ...stepAt(9, -300_000) }],
      1,
      ["CLOCK_STEP"],
    ],
    [
      "the clock went forward a lot",
      [{ roundTrips: steady(40), ...stepAt(9, 60_000_000) }],
      1,
      ["CLOCK_STEP"],
    ],
    ["it was slewed", [{ roundTrips: steady(400), ...stepAt(9, 50_000) }], 1, []],
  ] as const)("if %s", (_, clients, thinkTimeSeconds, expected) => {
    expect(codes(clients, thinkTimeSeconds)).toEqual(expected);
  });

  it("allows drawn think times to be off by chance", () => {
    const drawn = (index: number) => (index % 7 === 0 ? 4.6 : 0.3);
    const clients = [{ roundTrips: steady(31), change: withPauses(drawn) }];
    const run = testClient(clients[0] as TestClient);
    expect(
      summarizeCell({ condition: { users: 1, thinkTimeSeconds: 1 }, clients: [run] }).interactiveLaw
        ?.offRatio,
    ).toBeGreaterThan(0.05);
    expect(codes(clients)).toEqual([]);
  });

  const UNSTEADY = ["NOT_STEADY", "HOST_CHANGED"];

  it("takes chance for a trend in hardly any steady run, and finds a real one in most", () => {
    const random = createRandom(5);
    const count = (rise: number) => {
      let found = 0;
      for (let trial = 0; trial < 200; trial++) {
        const trips = Array.from(
          { length: 100 },
          (_, i) => 0.2 - 0.3 * Math.log(1 - random()) + (rise * i) / 100,
        );
        const clients = [{ roundTrips: trips.slice(0, 50) }, { roundTrips: trips.slice(50) }];
        const sorted = [
          { roundTrips: trips.filter((_, i) => i % 2 === 0) },
          { roundTrips: trips.filter((_, i) => i % 2 === 1) },
        ];
        // A rise may also look like a step.
        if (codes(rise === 0 ? clients : sorted).some((code) => UNSTEADY.includes(code))) found++;
      }
      return found / 200;
    };
    expect(count(0)).toBeLessThan(0.04);
    expect(count(0.6)).toBeGreaterThan(0.6);
  });

  it("names the repetition and the request after which the host changed", () => {
    const random = createRandom(3);
    const trips = (from: number, to: number) =>
      Array.from({ length: 37 }, (_, index) => (index < 8 ? from : to) * (0.95 + 0.1 * random()));
    const [warning] = warningsOf(Array.from({ length: 7 }, () => ({ roundTrips: trips(1, 0.73) })));
    expect(warning).toMatchObject({ code: "HOST_CHANGED", cell: { users: 7 } });
    const [, shorter, at] =
      /(\d+)% shorter after request (\d+) of 259 in repetition 1/.exec(warning?.message ?? "") ?? [];
    expect(Math.abs(Number(shorter) - 27)).toBeLessThanOrEqual(1);
    expect(Math.abs(Number(at) - 56)).toBeLessThanOrEqual(7);
    expect(codes(Array.from({ length: 7 }, () => ({ roundTrips: trips(1, 1) })))).toEqual([]);
    // Requests that are cut off at the time limit are no slow host.
    const cut = Array.from({ length: 7 }, () => ({
      roundTrips: trips(1, 1).map((seconds, index) => (index < 3 ? -25 : seconds)),
    }));
    expect(codes(cut)).not.toContain("HOST_CHANGED");
  });

  it("does not take cold starts at the beginning for a host that became faster", () => {
    const starting = (isReported: boolean) =>
      Array.from({ length: 7 }, () => ({
        roundTrips: steady(37).map((seconds, index) => (index < 3 ? seconds + 3 : seconds)),
        change: ({ coldStart: _, ...request }: RequestResult) => ({
          ...request,
          ...(isReported && { coldStart: request.sequence <= 3 }),
        }),
      }));
    expect(codes(starting(false))).toContain("HOST_CHANGED");
    expect(codes(starting(true))).not.toContain("HOST_CHANGED");
  });

  it("does not check the law if the think time was inferred, or starts were scheduled", () => {
    expect(codes([{ roundTrips: steady(40) }], 0, { isConditionInferred: true })).toEqual([]);
    expect(
      codes([{ roundTrips: steady(40), change: (request) => ({ ...request, lateSeconds: 0 }) }], 9),
    ).toEqual([]);
  });

  it("knows a busy machine, alone and with the function", () => {
    const context = (cpuBusyRatio: number, withFunction: boolean) => ({
      loads: [
        { cpuBusyRatio: 0.1, withFunction },
        { cpuBusyRatio, withFunction },
      ],
    });
    const clients = [{ roundTrips: steady(40) }];
    expect(codes(clients, 1, context(0.8, false))).toEqual([]);
    expect(codes(clients, 1, context(0.95, false))).toEqual(["GENERATOR_BUSY"]);
    const runs = clients.map(testClient);
    const cell = summarizeCell({ condition: { users: 1, thinkTimeSeconds: 1 }, clients: runs });
    const [alone, together] = [false, true].map(
      (withFunction) =>
        checkCell(cell, runs, { isConditionInferred: false, ...context(0.95, withFunction) })[0],
    );
    expect(alone).toMatchObject({
      message: "the load generator's machine was 95% busy",
      cell: { users: 1, thinkTimeSeconds: 1 },
    });
    expect(together?.hint).toContain("another machine");
  });
});

/** Pauses of `pause(index)` instead of the even ones. */
function withPauses(pause: (index: number) => number): NonNullable<TestClient["change"]> {
  let shift = 0;
  return (request) => {
    if (request.sequence === 1) shift = 0;
    else shift += pause(request.sequence) - 1;
    return {
      ...request,
      startEpochMicros: request.startEpochMicros + Math.round(shift * 1e6),
      startMonotonicSeconds: request.startMonotonicSeconds + shift,
    };
  };
}

describe("summarizeCell()", () => {
  const runs = [
    testClient({ user: "w1-u1", roundTrips: [0.4, 0.6, -2] }),
    testClient({ user: "w1-u2", startSeconds: 1, roundTrips: [0.5, 0.5, 0.5] }),
    testClient({ user: "w1-u1", repetition: 2, startSeconds: 100, roundTrips: [0.7, 0.7, 0.7] }),
  ];
  const cell = summarizeCell({ condition: { users: 2, thinkTimeSeconds: 1 }, clients: runs });

  it("splits the successful round trip into parts that add up to it", () => {
    const { parts } = cell;
    expect(parts?.networkSeconds).toBeCloseTo(0.006, 12);
    expect(parts?.clientSeconds).toBeCloseTo(0.004, 12);
    const sum =
      (parts?.mlSeconds ?? 0) +
      (parts?.handlerRestSeconds ?? 0) +
      (parts?.gatewaySeconds ?? 0) +
      (parts?.networkSeconds ?? 0) +
      (parts?.clientSeconds ?? 0);
    expect(sum).toBeCloseTo(cell.successfulRoundTripSeconds?.mean ?? 0, 12);
  });

  test.each([
    ["ML only", ["mlSeconds"], ["mlSeconds"]],
    ["the handler only", ["handlerSeconds"], ["handlerRestSeconds"]],
    ["no time", [], []],
  ])("splits it without what a function does not report: %s", (_, reported, parts) => {
    const change = ({ mlSeconds, handlerSeconds, ...rest }: RequestResult) =>
      ({
        ...rest,
        ...Object.fromEntries(
          Object.entries({ mlSeconds, handlerSeconds }).filter(([name]) => reported.includes(name)),
        ),
      }) as RequestResult;
    const clients = [testClient({ roundTrips: [0.4, 0.6], change })];
    const split = summarizeCell({ condition: { users: 1, thinkTimeSeconds: 1 }, clients }).parts;
    const { count, ...seconds } = split ?? { count: 0 };
    expect([count, Object.keys(seconds)]).toEqual([
      2,
      [...parts, "gatewaySeconds", "networkSeconds", "clientSeconds"],
    ]);
    expect(Object.values(seconds).reduce((sum, one) => sum + one)).toBeCloseTo(0.5, 12);
  });

  it("holds the interactive law exactly if clients only wait and think", () => {
    expect(cell.interactiveLaw?.clients).toBe(3);
    expect(cell.interactiveLaw?.predictedClients).toBeCloseTo(3, 5);
    expect(cell.interactiveLaw?.meanPauseSeconds).toBeCloseTo(1, 5);
    // Active 5 + 3.5 + 4.1 s in spans of 5 + 4.1 s.
    expect(cell.interactiveLaw?.meanActiveClients).toBeCloseTo(12.6 / 9.1, 5);
  });

  it("has the figures of each repetition", () => {
    expect(cell.runs.map((run) => Number(run.mean.value.toFixed(9)))).toEqual([0.75, 0.7]);
    expect(cell.runs).toMatchObject([
      { repetition: 1, sent: 6, successful: 5 },
      { repetition: 2, sent: 3, successful: 3 },
    ]);
    expect(cell).toMatchObject({ outcomes: { ok: 8, timeout: 1 }, coldStarts: 3 });
  });
});
