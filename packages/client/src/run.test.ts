import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HttpClient } from "./http/http-client.ts";
import { type ClientOptions, parseOptions } from "./options.ts";
import { createRandom } from "./random.ts";
import type { RequestResult, UnfinishedRequest } from "./report/report.ts";
import { openPayloads } from "./request/payloads.ts";
import { createEncoder } from "./request/request.ts";
import { listUnfinished, MAX_IN_FLIGHT, plannedRequests, runUser } from "./run.ts";
import { createResultMaker } from "./send.ts";
import { checkRequestSpec } from "./spec/check-request.ts";
import { slblurSpec } from "./testing/request-file.ts";
import { parseThinkTime } from "./timing/think-time.ts";
import { MAX_TIMER_SECONDS } from "./timing/wait.ts";

const folder = mkdtempSync(join(tmpdir(), "slbench-run-"));
const names = ["1.jpg", "2.jpg", "3.jpg"];
for (const name of names) writeFileSync(join(folder, name), name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A function that takes `serviceMs` per request, whatever the concurrency; `stop` closes its client. */
function simulate(serviceMs: (turn: number) => number, stop: AbortSignal) {
  let turn = 0;
  let inFlight = 0;
  const seen = { most: 0 };
  const client: HttpClient = {
    post: async () => {
      const startMs = performance.now();
      seen.most = Math.max(seen.most, ++inFlight);
      await new Promise<void>((resolve) => {
        setTimeout(resolve, serviceMs(turn++));
        stop.addEventListener("abort", () => resolve());
      });
      inFlight--;
      if (stop.aborted) return undefined;
      const times = { startEpochMicros: 1, startMonotonicSeconds: startMs / 1000 };
      const response = {
        status: 200,
        header: () => undefined,
        headerLines: () => [],
        body: Buffer.from('{"image":"/9j/AAAA"}'),
      };
      return { ...times, roundTripSeconds: (performance.now() - startMs) / 1000, response };
    },
    close: () => {},
  };
  return { client, seen };
}

async function run(
  args: readonly string[],
  serviceMs: (turn: number) => number,
  stop = new AbortController().signal,
) {
  const options = parseOptions(["--request", "r", "--payloads", folder, ...args]) as ClientOptions;
  const spec = checkRequestSpec(slblurSpec("http://f/"));
  const payloads = openPayloads(spec, folder);
  const encode = createEncoder({ spec, headers: {}, user: undefined });
  const results = createResultMaker({ response: spec.response });
  const { client, seen } = simulate(serviceMs, stop);
  const inFlight = new Map<number, number>();
  const rows: RequestResult[] = [];
  const onRequest = async (row: RequestResult) => {
    rows.push(row);
  };
  const beginSeconds = performance.now() / 1000;
  const order = names.map((_, index) => index);
  const planned = plannedRequests({ options, order });
  const done = runUser({
    ...{ options, payloads, order, planned, encode, results, client },
    ...{ stop, inFlight, onRequest },
  });
  let unfinished: readonly UnfinishedRequest[] = [];
  const ended = done.then(() => {
    unfinished = listUnfinished(inFlight);
  });
  await vi.runAllTimersAsync();
  await ended;
  const starts = rows.map(({ startMonotonicSeconds }) => startMonotonicSeconds - beginSeconds);
  return { rows, starts, unfinished, ...seen };
}

describe("runUser() in a closed loop", () => {
  it("sends each payload once, one after the other", async () => {
    const { rows, starts, most } = await run([], () => 100);
    expect(rows.map(({ sequence, payload, outcome }) => [sequence, payload, outcome])).toEqual([
      [1, "1.jpg", "ok"],
      [2, "2.jpg", "ok"],
      [3, "3.jpg", "ok"],
    ]);
    for (const [index, start] of starts.entries()) expect(start).toBeCloseTo(index * 0.1, 6);
    expect(most).toBe(1);
  });

  it("starts again with the first payload if --count exceeds their number", async () => {
    const { rows } = await run(["--count", "5"], () => 1);
    expect(rows.map(({ payload }) => payload)).toEqual(["1.jpg", "2.jpg", "3.jpg", "1.jpg", "2.jpg"]);
  });

  it("thinks from a response to the next request, for times drawn with the seed", async () => {
    const { rows, starts } = await run(
      ["--count", "4", "--think-time", "exponential:2", "--seed", "5"],
      () => 100,
    );
    const random = createRandom(5);
    const { draw } = parseThinkTime("exponential:2");
    let expected = 0;
    for (const [index, start] of starts.entries()) {
      if (index > 0) expected += 0.1 + draw(random, index + 1);
      // fake timers, like real ones, count whole milliseconds
      expect(Math.abs(start - expected)).toBeLessThan(0.002 * rows.length);
    }
  });

  it("pauses before every second request", async () => {
    const { starts } = await run(["--count", "4", "--think-time", "idle:60/2"], () => 100);
    const expected = [0, 60.1, 60.2, 120.3];
    for (const [index, start] of starts.entries())
      expect(Math.abs(start - expected[index]!)).toBeLessThan(0.01);
  });

  it("thinks longer than a timer's limit if such a time is drawn", async () => {
    const { starts } = await run(
      // 2.6 times the mean: longer than setTimeout() takes
      ["--count", "2", "--think-time", "exponential:2000000", "--seed", "4"],
      () => 0,
    );
    expect(parseThinkTime("exponential:2000000").draw(createRandom(4), 2)).toBeGreaterThan(MAX_TIMER_SECONDS);
    expect(starts[1]).toBeGreaterThan(MAX_TIMER_SECONDS);
  });

  it("ends during a think time when it is stopped", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 5_000);
    const { rows } = await run(["--think-time", "4"], () => 100, stop.signal);
    expect(rows).toHaveLength(2);
    expect(performance.now()).toBeLessThan(5_200);
  });

  it("lists the request in flight as unfinished if it is stopped", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 250);
    const { rows, unfinished } = await run([], () => 200, stop.signal);
    expect(rows).toHaveLength(1);
    expect(unfinished).toMatchObject([{ sequence: 2, waitedSeconds: 0.05 }]);
  });
});

describe("runUser() in an open loop", () => {
  it("lists the requests in flight as unfinished, and how long they waited, if it is stopped", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 450);
    // every other request takes 1 ms, the others 20 s
    const { rows, unfinished } = await run(
      ["--count", "1000", "--rate", "10"],
      (turn) => (turn % 2 === 0 ? 1 : 20_000),
      stop.signal,
    );
    expect(rows.map(({ sequence }) => sequence)).toEqual([1, 3, 5]);
    expect(unfinished.map(({ sequence }) => sequence)).toEqual([2, 4]);
    expect(unfinished.map(({ waitedSeconds }) => waitedSeconds)).toEqual([0.35, 0.15]);
  });

  it("lists requests that were due but held back", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 2005);
    const { unfinished } = await run(["--count", "1000", "--rate", "100"], () => 60_000, stop.signal);
    // Due at 0, 10, 20, … 2000 ms; a hundred are on their way.
    expect(unfinished.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 201 }, (_, index) => index + 1),
    );
    expect(unfinished.at(-1)?.waitedSeconds).toBeCloseTo(0.005, 6);
  });

  it("keeps to the schedule however long the responses take", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 12 }),
        fc.constantFrom(1, 4, 20),
        async (services, rate) => {
          vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
          const count = services.length;
          const { rows } = await run(
            ["--count", `${count}`, "--rate", `${rate}`],
            (turn) => services[turn] ?? 0,
          );
          const bySequence = rows.toSorted((left, right) => left.sequence - right.sequence);
          expect(bySequence.map(({ sequence }) => sequence)).toEqual(services.map((_, index) => index + 1));
          const [first] = bySequence;
          for (const { sequence, startMonotonicSeconds, lateSeconds } of bySequence) {
            const due = (first?.startMonotonicSeconds ?? 0) + (sequence - 1) / rate;
            expect(startMonotonicSeconds).toBeCloseTo(due, 2);
            expect(lateSeconds).toBeLessThan(0.002);
          }
          for (const { sequence, roundTripSeconds } of bySequence)
            expect(roundTripSeconds).toBeCloseTo((services[sequence - 1] ?? 0) / 1000, 2);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("reports how late a request started if too many are in flight", async () => {
    const count = MAX_IN_FLIGHT + 2;
    const { rows, most } = await run(["--count", `${count}`, "--rate", "100"], () => 5_000);
    expect(most).toBe(MAX_IN_FLIGHT);
    const late = rows.filter(({ lateSeconds = 0 }) => lateSeconds > 0.002);
    expect(late.map(({ sequence }) => sequence)).toEqual([count - 1, count]);
    // due after 1.00 s and 1.01 s, started with the first two responses, after 5.00 s and 5.01 s
    for (const { lateSeconds } of late) expect(lateSeconds).toBeCloseTo(4, 2);
    // whole microseconds
    for (const { lateSeconds } of late) expect(`${lateSeconds}`).toMatch(/^\d+(\.\d{1,6})?$/);
    expect(rows.every(({ roundTripSeconds }) => Math.abs(roundTripSeconds - 5) < 0.002)).toBe(true);
  });
});
