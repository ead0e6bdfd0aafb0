import { describe, expect, it, test } from "vitest";
import { simulatedCell } from "../../testing/simulated-cell.ts";
import { fitModel, predict } from "../index.ts";
import type { ModelParameters } from "../station/parameters.ts";
import { simulate } from "../station/simulate.ts";
import { findColdStarts } from "./cold-starts.ts";
import { findKeepAlives } from "./keep-alive.ts";
import type { ModelCell } from "./observation.ts";
import { replay } from "./replay.ts";

const WARM: ModelParameters = {
  demandSeconds: 1,
  servers: 3,
  contention: 0,
  delaySeconds: 0,
  demandVariation: 0.08,
};
const COLD: ModelParameters = {
  ...WARM,
  coldStarts: { seconds: 3, variation: 0.1, keepAliveSeconds: 20 },
};

const cellsOf = (host: ModelParameters, loads: readonly number[], more: { reportsColdStarts?: true } = {}) =>
  loads.flatMap((users) =>
    [0, 1, 5].map((thinkTimeSeconds) =>
      simulatedCell(host, { users, thinkTimeSeconds, seed: 10 * users + thinkTimeSeconds, ...more }),
    ),
  );

/** A cell of one client with given requests: start, round trip, and whether it was cold. */
const cellOf = (...requests: readonly (readonly [number, number, boolean?])[]): ModelCell => ({
  users: 1,
  thinkTimeSeconds: 0,
  clients: [
    {
      roundTripSeconds: requests.map(([, seconds]) => seconds),
      successfulRequests: requests.length,
      trace: requests.map(([startSeconds, roundTripSeconds, isCold]) => ({
        ...{ startSeconds, roundTripSeconds, successful: true },
        ...(isCold !== undefined && { isCold }),
      })),
    },
  ],
});

describe("replay()", () => {
  it("gives each request the instance that was used last, and counts what it met", () => {
    const met = replay(cellOf([0, 2], [1, 4], [3, 1], [10, 1], [10.5, 1]));
    // The third takes the instance of the first; the fourth and fifth those freed at 5 and at 4.
    expect(met.map(({ gapSeconds }) => gapSeconds)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      1,
      5,
      6.5,
    ]);
    expect(met.map(({ found }) => found)).toEqual([0, 1, 1, 0, 1]);
    expect(met.map(({ meanInService }) => meanInService)).toEqual([1.5, 1.5, 2, 1.5, 1.5]);
  });
});

describe("findKeepAlives()", () => {
  it("lies between the longest warm and the shortest cold gap", () => {
    const gaps = [1, 2, 3, 9, 10].map((seconds) => ({ seconds, isCold: false }));
    const cold = [13, 20, 30].map((seconds) => ({ seconds, isCold: true }));
    const draws = findKeepAlives([...gaps, ...cold]);
    expect(draws.at(0)).toBeGreaterThanOrEqual(9.9);
    expect(draws.at(-1)).toBeLessThanOrEqual(13);
  });

  it("is at least the longest warm gap if no gap was cold", () => {
    const draws = findKeepAlives([1, 5, 10].map((seconds) => ({ seconds, isCold: false })));
    expect(draws.at(2)).toBeGreaterThan(9.9);
    expect(draws.at(-1)).toBeGreaterThan(2000);
  });

  it("survives a request that was taken for a cold one by mistake", () => {
    const warm = Array.from({ length: 50 }, (_, index) => ({ seconds: index / 5, isCold: index === 7 }));
    const cold = [13, 20, 30].map((seconds) => ({ seconds, isCold: true }));
    const draws = findKeepAlives([...warm, ...cold]);
    expect(draws.at(10)).toBeGreaterThan(9.5);
    expect(draws.at(-10)).toBeLessThanOrEqual(13);
  });
});

describe("findColdStarts()", () => {
  it("takes the responses' word, and measures starts where requests met no others", () => {
    const evidence = findColdStarts([
      cellOf([0, 3, true], [4, 1, false], [6, 1, false], [20, 3.2, true], [24, 1, false]),
      cellOf([0, 3.1, true], [4, 1, false], [40, 2.9, true], [44, 1, false], [46, 1, false]),
    ]);
    expect(evidence?.found).toMatchObject({ source: "flagged", requests: 10, coldRequests: 4, samples: 4 });
    expect(evidence?.found.meanSeconds).toBeCloseTo(2.05, 9);
    expect(evidence?.found.rule).toBe("instances");
    expect(evidence?.found.keepAlive).toMatchObject({ isSeen: true });
    expect(evidence?.found.keepAlive.seconds).toBeGreaterThan(1);
    expect(evidence?.found.keepAlive.seconds).toBeLessThan(13);
  });

  it("takes long requests for cold that are the first of a replica, if responses name replicas only", () => {
    const [client] = cellsOf(WARM, [3])[0]?.clients ?? [];
    const trace = (client?.trace ?? []).map((request, index) => ({
      ...request,
      replica: `replica-${Math.floor(index / 6)}`,
      roundTripSeconds: request.roundTripSeconds + (index % 6 === 0 ? 2 : 0),
    }));
    const named: ModelCell = {
      ...{ users: 1, thinkTimeSeconds: 9 },
      clients: [{ roundTripSeconds: [], successfulRequests: 0, trace }],
    };
    expect(findColdStarts([named])?.found).toMatchObject({ source: "first-on-replica", coldRequests: 7 });
    const fixed = trace.map((request) => ({ ...request, replica: "replica-1" }));
    const inferred = findColdStarts([
      { ...named, clients: [{ ...named.clients[0], trace: fixed } as (typeof named.clients)[0]] },
    ]);
    expect(inferred?.found.source).not.toBe("first-on-replica");
  });

  it("infers them from long requests after idle times", () => {
    const found = findColdStarts(cellsOf(COLD, [1, 3, 5, 9]))?.found;
    expect(found).toMatchObject({ source: "inferred", rule: "instances" });
    expect(found?.interval.low).toBeLessThan(3);
    expect(found?.interval.high).toBeGreaterThan(3);
    expect(found?.keepAlive.low).toBeLessThan(20);
    expect(found?.keepAlive.high).toBeGreaterThan(20);
  });

  test.each([
    ["sharing", WARM],
    ["first come", { ...WARM, discipline: "first-come", servers: 1 }],
    ["one overloaded server", { ...WARM, servers: 1, demandSeconds: 3.4 }],
    ["unequal sharing", { ...WARM, waitVariation: 0.6 }],
  ] as const)("infers none on a host without them: %s", (_, host) => {
    for (const loads of [
      [1, 2, 3, 4],
      [1, 3, 5, 9],
    ])
      expect(findColdStarts(cellsOf(host, loads))).toBeUndefined();
  });

  it("takes starts for part of the demand if most requests start cold", () => {
    const each = cellOf([0, 3, true], [4, 3, true], [8, 3, true], [12, 1, false]);
    expect(findColdStarts([each])?.found.rule).toBe("always");
  });

  it("does not know the rule if new instances were warm", () => {
    const overlapping = cellOf([0, 3, true], [1, 1, false], [1.1, 1, false], [1.2, 1, false], [9, 1, false]);
    expect(findColdStarts([overlapping])?.found.rule).toBe("unknown");
  });

  it("is undefined if it is not known when requests started", () => {
    const { trace: _, ...client } = cellOf([0, 3]).clients[0] ?? {
      roundTripSeconds: [],
      successfulRequests: 0,
    };
    expect(findColdStarts([{ users: 1, thinkTimeSeconds: 0, clients: [client] }])).toBeUndefined();
  });
});

describe("a station with cold starts", () => {
  it("starts one user cold with probability e^(−T/Z)", () => {
    const requests = simulate(COLD, {
      ...{ users: 1, thinkTimeSeconds: 20, requestsPerUser: 20_000, startRatePerSecond: 1 },
      ...{ limitSeconds: 100, timeoutBehaviour: "cancelled", think: "exponential", seed: 1 },
    });
    const cold = requests.filter(({ isCold }) => isCold);
    expect(cold.length / requests.length).toBeCloseTo(Math.exp(-1), 2);
    const mean = cold.reduce((sum, one) => sum + one.roundTripSeconds, 0) / cold.length;
    expect(mean).toBeCloseTo(4, 1);
  });

  it("is fitted without its cold requests, and predicted with them", () => {
    const reported = { reportsColdStarts: true } as const;
    const host: ModelParameters = {
      ...WARM,
      coldStarts: { seconds: 0.5, variation: 0.1, keepAliveSeconds: 4 },
    };
    const options = { limitSeconds: 25, replications: 40 };
    const model = fitModel(cellsOf(host, [1, 2, 3, 4], reported), options);
    expect(model.parameters.demandSeconds).toBeCloseTo(1, 1);
    expect(model.coldStarts?.meanSeconds).toBeCloseTo(0.5, 1);
    expect(model.verdict.reasons.join("\n")).toMatch(
      /requests started cold, 0\.\d+ s longer \(.*predictions include/,
    );
    // Alone, a user who thinks for longer than the keep-alive always starts cold.
    const [alone] = predict([{ users: 1, thinkTimeSeconds: 6 }], model.prediction);
    expect(alone?.meanRoundTripSeconds).toBeCloseTo(1.5, 1);
    expect(
      model.observations.map(({ users, thinkTimeSeconds }) => [users, thinkTimeSeconds]),
    ).not.toContainEqual([1, 5]);
  });
});
