import type { RequestResult } from "@slbench/client/report";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { combineOffsets, offsetFromServer } from "./clock-offset.ts";

describe("combineOffsets()", () => {
  test.each([
    ["nothing", [], undefined],
    ["one interval", [[1, 2]], [1, 2]],
    [
      "what two have in common",
      [
        [-1, 2],
        [1, 4],
      ],
      [1, 2],
    ],
    [
      "what three have in common",
      [
        [-9, 9],
        [0, 3],
        [2, 5],
      ],
      [2, 3],
    ],
    [
      "two readings of a clock that stepped",
      [
        [0, 1],
        [90, 92],
      ],
      [0, 91],
    ],
    [
      "a clock that drifted between two close readings",
      [
        [-1, 1],
        [19, 21],
      ],
      [-1, 21],
    ],
  ] as const)("gives %s", (_, intervals, expected) => {
    const [low, high] = expected ?? [];
    const found = combineOffsets(intervals.map(([from, to]) => ({ low: from, high: to })));
    expect(found).toEqual(expected === undefined ? undefined : { low, high });
  });

  it("holds the offset if every interval does", () => {
    const around = fc.tuple(
      fc.double({ min: 0, max: 9, noNaN: true }),
      fc.double({ min: 0, max: 9, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(around, { minLength: 1 }), fc.integer({ min: -90, max: 90 }), (widths, offset) => {
        const found = combineOffsets(
          widths.map(([below, above]) => ({ low: offset - below, high: offset + above })),
        );
        expect(found?.low).toBeLessThanOrEqual(offset);
        expect(found?.high).toBeGreaterThanOrEqual(offset);
      }),
    );
  });
});

const START = 1_700_000_000_000_000;

/** Requests by a clock `offset(s)` ahead of the gateway's: each takes 20 ms there and back, and 300 ms in the gateway. */
function requests(
  count: number,
  offset: (seconds: number) => number,
  says: "start" | "date" | "nothing" = "start",
): readonly RequestResult[] {
  return Array.from({ length: count }, (_, index) => {
    const seconds = index * 1.37;
    const gatewayMicros = START + seconds * 1e6 + 10_000;
    const dateMicros = Math.floor(gatewayMicros / 1e6) * 1e6;
    return {
      sequence: index + 1,
      payload: "1.jpg",
      startEpochMicros: Math.round(START + (seconds + offset(seconds)) * 1e6),
      startMonotonicSeconds: seconds,
      roundTripSeconds: 0.35,
      connectSeconds: 0,
      sendSeconds: 0.001,
      waitSeconds: 0.319,
      receiveSeconds: 0.03,
      sentBytes: 1,
      outcome: "ok",
      ...(says === "start" && {
        sentBeforeEpochMicros: gatewayMicros,
        answeredAfterEpochMicros: gatewayMicros + 300_000,
      }),
      ...(says === "date" && {
        sentBeforeEpochMicros: dateMicros + 1_000_000,
        answeredAfterEpochMicros: dateMicros,
      }),
    };
  });
}

describe("offsetFromServer()", () => {
  test.each([-90, -0.6, 0, 0.001, 90])(
    "finds a clock %f s ahead within half the time on the network",
    (ahead) => {
      const found = offsetFromServer(requests(20, () => ahead));
      expect(((found?.low ?? 0) + (found?.high ?? 0)) / 2).toBeCloseTo(ahead, 2);
      expect((found?.high ?? 0) - (found?.low ?? 0)).toBeLessThan(0.021);
    },
  );

  it("narrows a date of whole seconds down over the requests", () => {
    const { low = 0, high = 0 } = offsetFromServer(requests(60, () => -90, "date")) ?? {};
    expect(low).toBeLessThanOrEqual(-90);
    expect(high).toBeGreaterThanOrEqual(-90);
    expect(high - low).toBeLessThan(0.4);
  });

  it("holds a clock that drifts by 50 ppm over an hour", () => {
    const drift = (seconds: number) => 3 + seconds * 50e-6;
    const { low = 0, high = 0 } = offsetFromServer(requests(2600, drift)) ?? {};
    expect(low).toBeLessThanOrEqual(drift(1781));
    expect(high).toBeGreaterThanOrEqual(drift(1781));
    expect(high - low).toBeLessThan(0.05);
  });

  it("knows nothing without requests or without what they say", () => {
    expect(offsetFromServer([])).toBeUndefined();
    expect(offsetFromServer(requests(3, () => 0, "nothing"))).toBeUndefined();
  });

  it("skips a gateway that says it took longer than the client waited", () => {
    const impossible = requests(3, () => 0).map((request) => ({
      ...request,
      answeredAfterEpochMicros: (request.answeredAfterEpochMicros ?? 0) + 60e6,
    }));
    expect(offsetFromServer(impossible)).toBeUndefined();
  });
});
