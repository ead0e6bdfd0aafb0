import { parseExperiment } from "@slbench/jmeter-plans";
import { describe, expect, test } from "vitest";
import {
  capacityOf,
  checkCapacity,
  type MachineLimits,
  type PlannedLoad,
  remoteCapacity,
} from "./capacity.ts";

const wide: MachineLimits = { memoryAvailableBytes: 64e9, cores: 8, startsPerSecond: 200 };
const load: PlannedLoad = {
  ...{ users: 500, startRatePerSecond: 10, thinkTimeSeconds: 5, requestsPerUser: 20, workers: 2 },
};
const states = (limits: Partial<MachineLimits>, more: Partial<PlannedLoad> = {}) =>
  checkCapacity({ ...wide, ...limits }, [{ ...load, ...more }]).map(({ state, what }) => `${state} ${what}`);

describe("capacityOf()", () => {
  test.each([
    [{ memoryAvailableBytes: 750e6 + 100 * 6.5 * 2 ** 20 }, { users: 100, limit: "memory" }],
    [{ threadsLeft: 240 }, { users: 30, limit: "processes" }],
    [{ openFiles: 1000 }, { users: 400, limit: "open files" }],
    [{ memoryAvailableBytes: 100e6 }, { users: 0, limit: "memory" }],
  ] as const)("%j holds %j", (limits, expected) => {
    expect(capacityOf({ ...wide, ...limits }, 2)).toEqual(expected);
  });
});

describe("checkCapacity()", () => {
  test("passes if there is room for all", () => {
    expect(states({})).toEqual(["ok users on this machine"]);
  });

  test("fails if users that are certainly active together do not fit", () => {
    expect(states({ threadsLeft: 2400 })).toEqual(["failed users on this machine"]);
  });

  test("only warns if clients may end before the others start", () => {
    expect(states({ threadsLeft: 2400 }, { thinkTimeSeconds: 0 })).toEqual(["warning users on this machine"]);
  });

  test("names the number of users that fit", () => {
    expect(checkCapacity({ ...wide, threadsLeft: 2400 }, [load])[0]?.fix).toContain("at most 300 users");
  });

  test("warns of a ramp that takes more than half of what the machine can start", () => {
    expect(states({ startsPerSecond: 15 })).toEqual(["warning starts on this machine"]);
    expect(states({ startsPerSecond: 25 })).toEqual(["ok users on this machine"]);
  });
});

describe("remoteCapacity()", () => {
  const experiment = (jmeter: string) =>
    parseExperiment(
      `name: r\nfunction: {url: "http://10.0.0.9/"}\nrequest: {body: "x"}\nload: {requestsPerUser: 1, users: [10, 301], thinkTimeSeconds: [0]}\n${jmeter}`,
      "r.yaml",
    );
  test("says what is not checked of workers on other machines", () => {
    const finding = remoteCapacity(experiment("jmeter: {remoteHosts: [10.0.0.2, 10.0.0.3]}"));
    expect(finding).toMatchObject({ state: "unknown" });
    expect(finding?.found).toMatch(/up to 151 planned on each of 2 workers/);
    expect(finding?.fix).toMatch(/1208 threads/);
  });
  test("says nothing if all workers are on this machine", () => {
    expect(remoteCapacity(experiment(""))).toBeUndefined();
  });
});
