import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExperiment } from "../experiment/parse-experiment.ts";
import { expectedLoad, expectedLoads, MIN_RESPONSES, type PlannedLoad } from "./expected-load.ts";

const plan = (more: Partial<PlannedLoad>): PlannedLoad => ({
  ...{ users: 8, thinkTime: "0", requestsPerUser: 37 },
  ...more,
});

describe("expectedLoad()", () => {
  test("eight users of a fast function at 0.25/s never meet", () => {
    const expected = expectedLoad(plan({ startRatePerSecond: 0.25 }), 0.08);
    expect(expected.isTogether).toBe(false);
    expect(expected.busySeconds).toBeCloseTo(2.96, 9);
    expect(expected.meanActiveUsers).toBeCloseTo((8 * 2.96) / 30.96, 9);
    expect(expected.requestsNeeded).toBe(353);
    expect(expected.responseSecondsNeeded).toBeCloseTo(28 / 34, 9);
  });

  test.each<[string, Partial<PlannedLoad>, number, boolean]>([
    ["the same users together", {}, 0.08, true],
    ["three requests each, together", { requestsPerUser: 3 }, 0.1, true],
    ["two requests each, together", { requestsPerUser: 2 }, 0.1, false],
    ["a ramp that is long over", { startRatePerSecond: 8 }, 0.08, true],
    ["a slow function at 0.25/s", { startRatePerSecond: 0.25 }, 0.9, true],
    ["long think times at 0.25/s", { startRatePerSecond: 0.25, thinkTime: "1" }, 0.08, true],
    ["a time that outlasts the ramp", { ...byTime(35), startRatePerSecond: 0.25 }, 0.08, true],
    ["a time as long as the ramp", { ...byTime(28), startRatePerSecond: 0.25 }, 0.08, false],
    [
      "drawn think times that end some users early",
      { thinkTime: "exponential:1", requestsPerUser: 7 },
      0.1,
      false,
    ],
    ["the same number of constant ones", { thinkTime: "1", requestsPerUser: 7 }, 0.1, true],
    ["drawn think times and requests enough", { thinkTime: "exponential:1" }, 0.1, true],
  ])("judges %s", (_, more, responseSeconds, isTogether) => {
    expect(expectedLoad(plan(more), responseSeconds).isTogether).toBe(isTogether);
  });

  test("agrees with a simulation of constant cycles", () => {
    fc.assert(
      fc.property(
        fc.record({
          users: fc.integer({ min: 1, max: 12 }),
          requestsPerUser: fc.integer({ min: 1, max: 60 }),
          // Binary fractions: sums of them are exact.
          startRatePerSecond: fc.constantFrom(0.25, 0.5, 1, 4),
          thinkTime: fc.constantFrom("0", "0.25", "1"),
        }),
        fc.constantFrom(0.0625, 0.25, 1),
        (load, responseSeconds) => {
          const expected = expectedLoad(load, responseSeconds);
          const counts = responsesInMeasuredPart(load, responseSeconds);
          // Users whose cycles end elsewhere may catch one response more than the time guarantees.
          if (expected.isTogether) expect(counts.least).toBeGreaterThanOrEqual(MIN_RESPONSES);
          if (counts.least > MIN_RESPONSES) expect(expected.isTogether).toBe(true);
          expect(expected.meanActiveUsers).toBeCloseTo(counts.meanActiveUsers, 9);
        },
      ),
    );
  });

  test("needs no more and no less than it says", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double({ min: 0.01, max: 5, noNaN: true }),
        fc.constantFrom("0", "0.5", "exponential:1", "uniform:0.5..1.5", "idle:2/4"),
        fc.constantFrom(0.25, 1, undefined),
        (users, responseSeconds, thinkTime, startRatePerSecond) => {
          const load = { users, thinkTime, ...(startRatePerSecond !== undefined && { startRatePerSecond }) };
          const { requestsNeeded } = expectedLoad({ ...load, requestsPerUser: 1 }, responseSeconds);
          const isTogether = (requestsPerUser: number) =>
            expectedLoad({ ...load, requestsPerUser }, responseSeconds).isTogether;
          expect([isTogether(requestsNeeded! - 1), isTogether(requestsNeeded!)]).toEqual([false, true]);
        },
      ),
    );
  });

  test("names the shortest response time, and the shortest time of sending", () => {
    const { responseSecondsNeeded } = expectedLoad(plan({ startRatePerSecond: 0.25 }), 0.08);
    const isTogether = (seconds: number) =>
      expectedLoad(plan({ startRatePerSecond: 0.25 }), seconds).isTogether;
    expect([isTogether(responseSecondsNeeded! - 0.001), isTogether(responseSecondsNeeded!)]).toEqual([
      ...[false, true],
    ]);
    const { secondsNeeded } = expectedLoad({ ...byTime(1), users: 8, startRatePerSecond: 0.25 }, 0.5);
    expect(secondsNeeded).toBe(30); // 28 + 3 × 0.5, in whole seconds
    expect(expectedLoad(plan({ requestsPerUser: 2 }), 0.1)).not.toHaveProperty("responseSecondsNeeded");
  });
});

describe("examples", () => {
  const examples = fileURLToPath(new URL("../../../../tools/examples/", import.meta.url));
  const files = readdirSync(examples, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".yaml") && !file.includes("node_modules"))
    .filter((file) => file !== "paper.yaml");

  test.each(files)("%s loads every cell truly, in three runs, however fast the function is", (file) => {
    const experiment = parseExperiment(readFileSync(join(examples, file), "utf8"), file);
    expect(experiment.load.repetitions).toBe(3);
    for (const { expected } of expectedLoads(experiment, 2, 0.001)) expect(expected.isTogether).toBe(true);
  });
});

describe("expectedLoads()", () => {
  const loads = (load: string, responseSeconds: number) =>
    expectedLoads(parseExperiment(`name: x\nload: {${load}}`, "x"), 2, responseSeconds).map(
      ({ cell, expected }) => [cell.users, cell.thinkTimeSeconds, expected.isTogether],
    );

  test("judges each condition once", () => {
    expect(loads("users: [1, 8], thinkTimeSeconds: [0, 5], start: 0.25/s, repetitions: 2", 0.08)).toEqual([
      ...[
        [1, 0, true],
        [8, 0, false],
        [1, 5, true],
        [8, 5, true],
      ],
    ]);
  });

  test("spreads users with a constant think time over it, which is over before measuring", () => {
    expect(loads("users: 8, thinkTimeSeconds: 60, requestsPerUser: 5", 0.08)).toEqual([[8, 60, true]]);
    expect(loads("users: 8, thinkTimeSeconds: 60, requestsPerUser: 3", 0.08)).toEqual([[8, 60, false]]);
  });

  test("has nothing to say of an open loop", () => {
    expect(loads("arrivals: {ratePerSecond: [1, 2]}", 0.08)).toEqual([]);
  });
});

function byTime(durationSeconds: number): PlannedLoad {
  const { requestsPerUser: _, ...load } = plan({});
  return { ...load, durationSeconds };
}

/** Sends each request of each user, one after the other. */
function responsesInMeasuredPart(
  { users, requestsPerUser = 1, startRatePerSecond = 1, thinkTime }: PlannedLoad,
  responseSeconds: number,
) {
  const cycle = responseSeconds + Number(thinkTime);
  const responses = Array.from({ length: users }, (_, user) =>
    Array.from(
      { length: requestsPerUser },
      (_, k) => user / startRatePerSecond + k * cycle + responseSeconds,
    ),
  );
  const from = Math.max(...responses.map((times) => times[0]!));
  const to = Math.min(...responses.map((times) => times.at(-1)!));
  const least = Math.min(
    ...responses.map((times) => times.filter((time) => time > from && time <= to).length),
  );
  const ends = responses.map((times) => times.at(-1)!);
  const busy = ends.reduce((sum, end, user) => sum + end - user / startRatePerSecond, 0);
  return { least, meanActiveUsers: busy / Math.max(...ends) };
}
