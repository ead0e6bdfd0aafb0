import { expect, it } from "vitest";
import { analyze } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { testClient } from "../testing/clients.ts";
import { toModelCells } from "./to-model-cells.ts";

const empty = parseLog('<testResults version="1.2"></testResults>', "x");

/** Users that start every two seconds and send ten requests of 1 s, one second apart. */
const analysisOf = (users: number, startEverySeconds = 2) => {
  const clients = Array.from({ length: users }, (_, user) =>
    testClient({
      ...{ user: `w1-u${user + 1}`, startSeconds: startEverySeconds * user },
      roundTrips: Array.from({ length: 10 }, () => 1),
    }),
  );
  const log = { ...empty, hasReports: true, clients };
  return analyze([{ users, thinkTimeSeconds: 1, repetition: 1, source: "x", log }]);
};

it("tells the model how the runs were made, although it gets the requests of the steady part only", () => {
  const [cell] = toModelCells([analysisOf(3)]);
  expect(cell).toMatchObject({ isSteady: true, requestsPerUser: 10, startRatePerSecond: 0.5 });
  expect(cell?.clients.every(({ roundTripSeconds }) => roundTripSeconds.length < 10)).toBe(true);
});

it("does not know the start rate of one user", () => {
  const [cell] = toModelCells([analysisOf(1)]);
  expect(cell?.requestsPerUser).toBe(10);
  expect(cell).not.toHaveProperty("startRatePerSecond");
});

it("knows users that all start at once", () => {
  const [cell] = toModelCells([analysisOf(3, 0)]);
  expect(cell?.startRatePerSecond).toBe(Number.POSITIVE_INFINITY);
});

it("tells the model every request of the run, also before the steady part", () => {
  const [cell] = toModelCells([analysisOf(3)]);
  const { trace = [], measuredFrom = 0, roundTripSeconds } = cell?.clients[0] ?? { roundTripSeconds: [] };
  expect(trace.length).toBe(10);
  expect(measuredFrom).toBeGreaterThan(0);
  expect(trace.slice(measuredFrom, measuredFrom + roundTripSeconds.length).length).toBe(
    roundTripSeconds.length,
  );
  expect(trace.map(({ isCold }) => isCold)).toEqual([true, ...new Array(9).fill(false)]);
  expect((trace[1]?.startSeconds ?? 0) - (trace[0]?.startSeconds ?? 0)).toBeCloseTo(2, 5);
});
