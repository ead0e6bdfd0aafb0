import { describe, expect, it, test } from "vitest";
import { analyze } from "../analyze.ts";
import type { ClientRun } from "../clients/client-run.ts";
import { parseLog } from "../log/log.ts";
import { timelineFigure } from "../plot/timeline/figure.ts";
import { allRequestRows } from "../rows/rows.ts";
import { testClient } from "../testing/clients.ts";
import { alignClients, type WorkerClock } from "./align-clients.ts";

const steady = Array.from({ length: 60 }, (_, index) => 0.5 + 0.05 * Math.sin(index * 2.399));
const cell = { users: 2, thinkTimeSeconds: 1 };
const [first, second] = ["10.0.0.2:8001", "10.0.0.3:8001"] as const;

/** One client on each of two workers; both began at once, the first by a clock that is ahead. */
function clients(aheadSeconds: number, { host = second as string } = {}): readonly ClientRun[] {
  const run = (worker: string, startSeconds: number) => {
    const client = testClient({ user: `${worker}-1`, startSeconds, roundTrips: steady });
    return Object.assign(client, { sample: { ...client.sample, threadName: `${worker}-Users 1-1` } });
  };
  return [run(first, aheadSeconds), run(host, 0)];
}

const clock = (worker: string, offsetSeconds: number, uncertaintySeconds = 0.001): WorkerClock => ({
  ...{ worker, offsetSeconds, uncertaintySeconds, method: "shell" },
});
const startsOf = (runs: readonly ClientRun[]) =>
  runs.map(({ requests }) => requests?.numbers("startEpochMicros")[0]);
const codesOf = ({ warnings }: ReturnType<typeof alignClients>) => warnings.map(({ code }) => code);

function summarize(runs: readonly ClientRun[], clocks?: readonly WorkerClock[]) {
  const log = {
    ...parseLog('<testResults version="1.2"></testResults>', "x"),
    hasReports: true,
    clients: runs,
  };
  return analyze([{ ...cell, repetition: 1, source: "x", log, ...(clocks !== undefined && { clocks }) }]);
}

describe("alignClients()", () => {
  test.each([90, -90, 0.7])("gives the figures of right clocks if one is %f s off, and warns", (ahead) => {
    const right = summarize(clients(0), [clock(first, 0), clock(second, 0)]).summary;
    const { summary } = summarize(clients(ahead), [clock(first, ahead), clock(second, 0)]);
    expect(summary.cells).toEqual(right.cells);
    expect(summary.warnings.map(({ code }) => code)).toEqual(["CLOCK_OFF"]);
    expect(summary.cells[0]?.interactiveLaw?.meanActiveClients).toBeCloseTo(2, 6);
  });

  it("does not warn of clocks less than 0.5 s off, and corrects them", () => {
    const found = alignClients(clients(0.4), [clock(first, 0.4), clock(second, 0)], cell);
    expect(found.warnings).toEqual([]);
    expect(new Set(startsOf(found.clients)).size).toBe(1);
  });

  it("leaves out figures of time if a clock stepped within the cell", () => {
    const stepped: WorkerClock = {
      ...clock(first, 45, 45),
      atStart: { offsetSeconds: 0, uncertaintySeconds: 0.001 },
      atEnd: { offsetSeconds: 90, uncertaintySeconds: 0.001 },
    };
    const { summary, clients: found } = summarize(clients(0), [stepped, clock(second, 0)]);
    expect(summary.warnings.map(({ code }) => code)).toEqual(["CLOCK_OFF", "CLOCK_MOVED", "CLOCKS_UNKNOWN"]);
    expect(summary.warnings[1]?.message).toContain("moved by 90.0 s");
    expect(summary.cells[0]?.throughputPerSecond).toBeUndefined();
    expect(summary.cells[0]?.interactiveLaw).toBeUndefined();
    expect(summary.cells[0]?.roundTripSeconds.count).toBe(120);
    const [row] = allRequestRows({ summary, clients: found });
    expect(row).not.toHaveProperty("startEpochMicros");
    expect(
      timelineFigure(summary.cells.map((one, index) => ({ cell: one, clients: found[index] ?? [] }))),
    ).toBeUndefined();
  });

  test.each([
    ["keeps", 0.2, []],
    ["warns of", 0.6, ["CLOCKS_UNCERTAIN"]],
    ["leaves out", 5, ["CLOCKS_UNKNOWN"]],
  ])("%s figures if a cell of 90 s has a clock known to ±%f s", (_, uncertainty, codes) => {
    const found = alignClients(
      clients(0),
      [clock(first, 0, uncertainty), clock(second, 0, uncertainty)],
      cell,
    );
    expect(codesOf(found)).toEqual(codes);
    expect(startsOf(found.clients).every(Number.isNaN)).toBe(codes[0] === "CLOCKS_UNKNOWN");
  });

  it("leaves out figures of time if a worker's clock is unknown", () => {
    const found = alignClients(clients(0), [clock(first, 0), { worker: second, method: "unknown" }], cell);
    expect(codesOf(found)).toEqual(["CLOCKS_UNKNOWN"]);
    expect(startsOf(found.clients)).toEqual([Number.NaN, Number.NaN]);
  });

  it("needs no offset if all workers share a host", () => {
    const host = "10.0.0.2:8002";
    const unknown = [first, host].map((worker): WorkerClock => ({ worker, method: "unknown" }));
    const runs = clients(0, { host });
    expect(alignClients(runs, unknown, cell)).toEqual({ clients: runs, warnings: [] });
    expect(alignClients(runs, undefined, cell)).toEqual({ clients: runs, warnings: [] });
  });

  it("keeps the times of a run whose clocks were not compared, and warns if there are several hosts", () => {
    const runs = clients(3);
    const found = alignClients(runs, undefined, cell);
    expect(codesOf(found)).toEqual(["CLOCKS_NOT_MEASURED"]);
    expect(found.clients).toBe(runs);
  });
});
