import { describe, expect, it, test } from "vitest";
import { createRandom } from "../stats/random.ts";
import { clientsOf, type TestClient } from "../testing/clients.ts";
import { markParts, measuredPart, steadyParts } from "./steady-part.ts";

const ones = (count: number) => new Array<number>(count).fill(1);
const exponential = (count: number, seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => -Math.log(1 - random()));
};

describe("steadyParts()", () => {
  it("begins with the last user's first response and ends with the first user's last one", () => {
    // Pauses of one second: responses of the first user at 1, 3, 5, 7, of the second at 3.5, 5.5, 7.5, 9.5.
    const clients = clientsOf({ roundTrips: ones(5) }, { startSeconds: 2.5, roundTrips: ones(5) });
    const [part] = [...(steadyParts(clients)?.values() ?? [])];
    expect((part?.toEpochMicros ?? 0) - (part?.fromEpochMicros ?? 0)).toBeCloseTo(5.5e6, 0);
    const marked = markParts(clients, steadyParts(clients) ?? new Map());
    expect(marked.map(({ steady }) => steady)).toEqual([
      { from: 2, to: 5 },
      { from: 1, to: 3 },
    ]);
    expect(marked.map((client) => measuredPart(client).requests?.numbers("sequence"))).toEqual([
      [3, 4, 5],
      [2, 3],
    ]);
  });

  test.each([
    ["users that never meet", [{ roundTrips: ones(3) }, { startSeconds: 60, roundTrips: ones(3) }]],
    ["fewer than two responses per user in it", [{ roundTrips: ones(2) }, { roundTrips: ones(2) }]],
    ["a repetition that has none", [{ roundTrips: ones(9) }, { roundTrips: ones(1), repetition: 2 }]],
    ["no user", []],
  ] satisfies readonly [string, readonly TestClient[]][])("is unknown with %s", (_, clients) => {
    expect(steadyParts(clientsOf(...clients))).toBeUndefined();
  });

  it("does not prefer short round trips: the mean of exponential ones is theirs", () => {
    const means = Array.from({ length: 400 }, (_, seed) => {
      const clients = clientsOf(
        { roundTrips: exponential(37, 2 * seed + 1) },
        { startSeconds: 5, roundTrips: exponential(37, 2 * seed + 2) },
      );
      const marked = markParts(clients, steadyParts(clients) ?? new Map());
      const values = marked.flatMap((client) => measuredPart(client).roundTripSeconds);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    // Standard error 0.006; requests that must also start in the part are 3% shorter.
    expect(means.reduce((sum, value) => sum + value, 0) / means.length).toBeCloseTo(1, 1.7);
  });
});
