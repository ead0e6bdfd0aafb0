import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Fleet } from "../../workers/local-fleet.ts";
import { monitorCell } from "./monitor.ts";
import { decideState } from "./state.ts";

const work = mkdtempSync(join(tmpdir(), "slbench-monitor-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const addresses = ["10.0.0.2:8001", "10.0.0.3:8001"] as const;
const sample = (address: string, code = "0") => `<sample t="1" rc="${code}" tn="${address}-Users 1-1">\n`;
const counts = { started: 2, ended: 2, requests: 6, answered: 6, failures: {}, starts: [] };

describe("monitorCell()", () => {
  let folder: string;
  let nowMs: number;
  let endedAway: number | undefined;
  let asked: number;
  beforeEach(() => {
    folder = mkdtempSync(join(work, "cell-"));
    mkdirSync(join(folder, "journals"));
    writeFileSync(join(folder, "samples.xml"), `<testResults>\n${sample(addresses[0])}`);
    [nowMs, endedAway, asked] = [0, 0, 0];
  });

  function monitor(whyMissed?: () => string | undefined) {
    const fleet = {
      workers: addresses.map((address, index) => ({ address, index })),
      countEnded: async () => {
        asked++;
        return endedAway;
      },
      inspect: async () => ({ journalBytes: 7 }),
    } as unknown as Fleet;
    const ramp = { users: 2, workers: 2, startRatePerSecond: 1 };
    const options = { folder, fleet, awayJournals: "journals/x/y", ramp, now: () => nowMs };
    return monitorCell({ ...options, ...(whyMissed !== undefined && { whyMissed }) });
  }
  /** What has stopped the cell by now. */
  const stopped = (cell: ReturnType<typeof monitor>) =>
    Promise.race([cell.stop.then(({ why }) => why), new Promise((done) => setImmediate(done, "runs"))]);

  test("ends a cell if all clients have ended and JMeter missed it", async () => {
    const cell = monitor();
    for (nowMs = 0; nowMs <= 14_000; nowMs += 1000) await cell.update(counts);
    expect(await stopped(cell)).toBe("runs");
    for (; nowMs <= 17_000; nowMs += 1000) await cell.update(counts);
    expect(await stopped(cell)).toBe("end not heard");
  });

  test("waits while samples still arrive", async () => {
    const cell = monitor();
    for (nowMs = 0; nowMs <= 60_000; nowMs += 1000) {
      if (nowMs % 10_000 === 0) appendFileSync(join(folder, "samples.xml"), sample(addresses[1]));
      await cell.update(counts);
    }
    expect(await stopped(cell)).toBe("runs");
  });

  test("asks workers on other machines rarely, and needs the count of all", async () => {
    const cell = monitor();
    const away = { ended: 1, requests: 3, answered: 3, failures: {} };
    for (nowMs = 0; nowMs <= 65_000; nowMs += 1000) await cell.update(away);
    expect([await stopped(cell), asked]).toEqual(["runs", 2]);
    endedAway = undefined;
    for (; nowMs <= 95_000; nowMs += 1000) await cell.update(away);
    expect(await stopped(cell)).toBe("runs");
    endedAway = 2;
    for (; nowMs <= 125_000; nowMs += 1000) await cell.update(away);
    expect(await stopped(cell)).toBe("end not heard");
  });

  test("stops a cell that misses its goal in any case", async () => {
    let missed: string | undefined;
    const cell = monitor(() => missed);
    await cell.update(counts);
    expect(await stopped(cell)).toBe("runs");
    missed = "p95<2s: 9 of 90 requests took longer";
    await cell.update(counts);
    expect(await stopped(cell)).toBe("goal missed");
  });

  test("stops a cell whose clients cannot be started", async () => {
    const cell = monitor();
    appendFileSync(join(folder, "samples.xml"), sample(addresses[0], "137").repeat(5));
    await cell.update({ ...counts, ended: 0 });
    expect(await stopped(cell)).toBe("collapsed");
  });

  test("counts each worker's samples, and inspects a worker on request", async () => {
    const cell = monitor();
    appendFileSync(join(folder, "samples.xml"), sample(addresses[1]).repeat(2));
    const counters = await cell.evidence.counters();
    expect([...counters]).toEqual([
      [addresses[0], { samples: 1 }],
      [addresses[1], { samples: 2 }],
    ]);
    expect(await cell.evidence.inspect(addresses[1])).toEqual({ journalBytes: 7 });
  });
});

describe("decideState()", () => {
  const whole = { lost: [], reportedRequests: 6, journalRequests: 6 };
  const lost = [{} as never];
  test.each([
    ["complete", whole, {}, "complete"],
    ["complete", { ...whole, lost }, {}, "incomplete"],
    ["failed", whole, {}, "incomplete"],
    ["incomplete", whole, { endNotHeard: true }, "complete"],
    ["incomplete", { ...whole, lost }, { endNotHeard: true }, "incomplete"],
    ["incomplete", whole, {}, "incomplete"],
  ] as const)("%s with %j and %j is %s", (state, found, more, expected) => {
    expect(decideState({ state, ...more }, found)).toBe(expected);
  });
});
