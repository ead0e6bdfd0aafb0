import { parseExperiment } from "@slbench/jmeter-plans";
import { describe, expect, test } from "vitest";
import { forecastLoad, loadWarnings, responseTimeWarnings } from "./load-forecast.ts";

const experimentOf = (load: string) => parseExperiment(`name: x\nload: {${load}}\n`, "x.yaml");

describe("loadWarnings()", () => {
  const warningsOf = (load: string, responseSeconds: number) => {
    const experiment = experimentOf(load);
    return loadWarnings(experiment, forecastLoad(experiment, 2, responseSeconds));
  };

  test("names the cells of a fast function at 0.25/s, their mean active users, and what to change", () => {
    const [warning, ...more] = warningsOf("users: [1, 4, 8], thinkTimeSeconds: [0, 5], start: 0.25/s", 0.08);
    expect(more).toEqual([]);
    expect(warning).toEqual({
      code: "LOAD_NOT_REACHED",
      message:
        "in 2 of 6 conditions the users will not be active together for 2 responses each: u08-t0: 8 users started at 0.25/s, each busy for about 3 s: 0.8 active on average; u04-t0: 4 users started at 0.25/s, each busy for about 3 s: 0.8 active on average",
      hint: "set load.start: together, or load.requestsPerUser: 353 or more; as planned, these cells count by their mean active users",
    });
  });

  test("gives one warning for many cells, the emptiest first", () => {
    const [warning, ...more] = warningsOf("users: 1..9, start: 0.25/s", 0.08);
    expect(more).toEqual([]);
    expect(warning?.message).toMatch(/^in 8 of 9 conditions .*: u09-t0: .*; u05-t0: .*; and 3 more$/);
  });

  test.each([
    ["users together", "users: [1, 8], thinkTimeSeconds: [0, 1]"],
    ["a ramp that is over before measuring", "users: [1, 8], start: 8/s"],
    ["an open loop", "arrivals: {ratePerSecond: 5}"],
  ])("has nothing to say of %s", (_, load) => {
    expect(warningsOf(load, 0.08)).toEqual([]);
  });

  test.each([
    [
      "together, with too few requests",
      "users: 4, requestsPerUser: 2",
      "set load.requestsPerUser: 3 or more;",
    ],
    [
      "by rate, with too few requests even together",
      "users: 4, requestsPerUser: 2, start: 1/s",
      "set load.start: together and load.requestsPerUser: 3 or more;",
    ],
    [
      "by rate, for too short a time",
      "users: 9, durationSeconds: 20, start: 0.25/s",
      "set load.start: together, or load.durationSeconds: 33 or more;",
    ],
  ])("says what to change for users %s", (_, load, hint) => {
    expect(warningsOf(load, 0.08)[0]?.hint.startsWith(hint)).toBe(true);
  });
});

describe("responseTimeWarnings()", () => {
  const messageOf = (load: string) => responseTimeWarnings(experimentOf(load), 2)[0]?.message;

  test("names the response time that each condition needs", () => {
    const message = messageOf("users: [1, 8], thinkTimeSeconds: [0, 5], start: 0.25/s");
    expect(message).toMatch(
      /^in 1 of 4 conditions .* only if responses take long enough: u08-t0: at least 0.82 s$/,
    );
  });

  test("says if no response time is long enough", () => {
    expect(messageOf("users: 2, requestsPerUser: 2")).toContain("u02-t0: no response time is long enough");
  });

  test.each(["users: [1, 8]", "users: 8, durationSeconds: 60, start: 1/s", "arrivals: {ratePerSecond: 5}"])(
    "has nothing to say of %s",
    (load) => {
      expect(messageOf(load)).toBeUndefined();
    },
  );
});
