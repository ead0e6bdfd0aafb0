import { describe, expect, it } from "vitest";
import { testClient } from "../testing/clients.ts";
import { addRunIntervals } from "./add-run-intervals.ts";
import type { RunSummary } from "./run-summary.ts";
import { summarizeCell } from "./summarize-cell.ts";

const condition = { users: 6, thinkTimeSeconds: 1 };
/** Every tenth request fails after 25 s: the mean over all requests and the one over successful requests lie far apart. */
const clients = [1, 2, 3, 4, 5, 6].map((user) =>
  testClient({
    user: `w1-u${user}`,
    roundTrips: Array.from({ length: 40 }, (_, i) => (i % 10 === 5 ? -25 : 0.5 + ((i * user) % 7) / 100)),
  }),
);

describe("intervals of one run", () => {
  const cell = summarizeCell({ condition, clients });

  it("lie around their figures and speak of this run only", () => {
    const { low, high, scope } = cell.throughputInterval ?? { low: Number.NaN, high: Number.NaN };
    // The ratio over the slices is the throughput itself.
    expect((low + high) / 2).toBeCloseTo(cell.throughputPerSecond as number, 9);
    expect(scope).toBe("within this run");
    expect(cell.successRate.interval).toMatchObject({ scope: "within this run" });
    expect(cell.successRate.interval?.low).toBeLessThan(0.9);
    expect(cell.successRate.interval?.high).toBeGreaterThan(0.9);
    const [only] = addRunIntervals([cell]).cells;
    expect(only?.roundTripInterval).toMatchObject({ method: "parts of one run", scope: "within this run" });
    expect(only?.roundTripInterval?.high).toBeGreaterThan(cell.roundTripSeconds.mean as number);
    expect(cell.quantileIntervals.median?.low).toBeLessThanOrEqual(cell.roundTripSeconds.median as number);
  });

  it("widen to what repeated conditions show of how runs differ", () => {
    const repeated = [1, 1.1, 0.9, 1.05, 0.95].map((factor, index) => ({
      ...(cell.runs[0] as RunSummary),
      repetition: index + 1,
      mean: { value: factor },
    }));
    const { cells, runDeviation } = addRunIntervals([cell, { ...cell, runs: repeated }]);
    expect(runDeviation).toMatchObject({ degrees: 4 });
    expect(cells[0]?.roundTripInterval).toMatchObject({
      method: "pooled run deviation",
      scope: "between runs",
    });
    expect(cells[1]?.roundTripInterval).toMatchObject({ method: "t over runs", scope: "between runs" });
  });
});

it("three runs have intervals between runs", () => {
  const three = [1, 2, 3].flatMap((repetition) => clients.map((client) => client.with({ repetition })));
  const cell = summarizeCell({ condition, clients: three });
  expect(cell.runs.map(({ repetition, sent, successful }) => [repetition, sent, successful])).toEqual([
    [1, 240, 216],
    [2, 240, 216],
    [3, 240, 216],
  ]);
  expect(cell.successRate.interval?.scope).toBe("between runs");
  expect(cell.throughputInterval?.scope).toBe("between runs");
  expect(cell.quantileIntervals.median?.scope).toBe("between runs");
  // Responses that were cut off at the time limit do not bound it.
  expect(cell.quantileIntervals.p95).toBeUndefined();
});

it("clients that say too little have none", () => {
  const cell = summarizeCell({ condition, clients: [testClient({ roundTrips: [1, 2, 3] })] });
  expect(addRunIntervals([cell]).cells[0]).not.toHaveProperty("roundTripInterval");
  expect(cell).not.toHaveProperty("throughputInterval");
  expect(cell.quantileIntervals).toEqual({});
});
