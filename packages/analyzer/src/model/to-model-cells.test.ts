import type { RequestResult } from "@slbench/client/report";
import { expect, it } from "vitest";
import { analyze, type LogInput } from "../analyze.ts";
import { parseLog } from "../log/log.ts";
import { testClient } from "../testing/clients.ts";
import { processorNeedOf, toModelCells } from "./to-model-cells.ts";

const empty = parseLog('<testResults version="1.2"></testResults>', "x");

/** Users that start every two seconds and send ten requests of 1 s, one second apart. */
const analysisOf = (users: number, startEverySeconds = 2, functionCpu?: LogInput["functionCpu"]) => {
  const clients = Array.from({ length: users }, (_, user) =>
    testClient({
      ...{ user: `w1-u${user + 1}`, startSeconds: startEverySeconds * user },
      roundTrips: Array.from({ length: 10 }, () => 1),
    }),
  );
  const log = { ...empty, hasReports: true, clients };
  return analyze([
    { users, thinkTimeSeconds: 1, repetition: 1, source: "x", log, ...(functionCpu && { functionCpu }) },
  ]);
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

it("tells the model the processor time per request of the whole run", () => {
  const [cell] = toModelCells([analysisOf(3, 2, { cpuSeconds: 15, cores: 2, seconds: 20 })]);
  expect(cell?.functionCpu).toEqual({ secondsPerRequest: 0.5, cores: 2 });
});

it("takes the processor time that the function reports if slbench did not measure it", () => {
  const statistic = { count: 3, mean: 0.25 };
  expect(processorNeedOf({ times: { cpuSeconds: statistic } })).toEqual({ secondsPerRequest: 0.25 });
  expect(
    processorNeedOf({
      functionCpu: { secondsPerRequest: 0.5, cores: 2, busyRatio: 0.9 },
      times: { cpuSeconds: statistic },
    }),
  ).toEqual({ secondsPerRequest: 0.5, cores: 2 });
  expect(processorNeedOf({ times: { queueSeconds: statistic } })).toBeUndefined();
});

it("tells the model the times that every successful response reports, but not processor time", () => {
  const cellOf = (isSometimes: boolean) => {
    const change = (request: RequestResult): RequestResult => ({
      ...request,
      times: {
        cpuSeconds: 0.2,
        ...((request.sequence % 2 === 0 || !isSometimes) && { decodeSeconds: 0.01 * request.sequence }),
      },
    });
    const clients = [testClient({ roundTrips: Array.from({ length: 10 }, () => 1), change })];
    const log = { ...empty, hasReports: true, clients };
    return toModelCells([analyze([{ users: 1, thinkTimeSeconds: 1, repetition: 1, source: "x", log }])])[0];
  };
  const { reportedSeconds = {} } = cellOf(false)?.clients[0] ?? {};
  expect(Object.keys(reportedSeconds)).toEqual(["handler", "ml", "decode"]);
  expect([reportedSeconds.handler, reportedSeconds.ml]).toEqual([0.5, 0.25]);
  // Of the steady part, which has no first request.
  expect(reportedSeconds.decode).toBeCloseTo(0.06, 9);
  expect(cellOf(true)?.clients[0]?.reportedSeconds).not.toHaveProperty("decode");
});

it("tells the model the payload of every request that did not start cold", () => {
  const kinds = toModelCells([analysisOf(3)])[0]?.clients[0]?.kinds ?? [];
  expect(kinds.length).toBeGreaterThan(3);
  expect(kinds.every((kind) => /^[123]\.jpg$/.test(kind ?? ""))).toBe(true);
  expect(new Set(kinds).size).toBe(3);
});
