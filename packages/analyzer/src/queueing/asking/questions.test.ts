import { describe, expect, it, test } from "vitest";
import { parseGoal } from "../goal.ts";
import { serviceRate } from "../station/parameters.ts";
import { assumptionOf } from "./changes.ts";
import type { Prediction } from "./predict.ts";
import { parseArrivals, parseCellFilter, parseConditions, parseNumbers } from "./questions.ts";

describe("parseConditions()", () => {
  it("goes through users first, then think times", () => {
    expect(parseConditions("users=1..2,5 think=0,1")).toEqual(
      [1, 2, 5].flatMap((users) => [0, 1].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds }))),
    );
  });

  test.each([
    ...["", "think=1", "users=0", "users=1.5", "users=4..1", "clients=3", "users=a"],
    ...["users=1..100000000", "users=1 think=1e14"],
  ])("refuses %j", (text) => {
    expect(() => parseConditions(text)).toThrow(expect.objectContaining({ code: "MODEL_BAD_QUESTION" }));
  });
});

test("parseCellFilter() joins conditions", () => {
  const filter = parseCellFilter("users<=4 and think=0");
  expect(filter({ users: 4, thinkTimeSeconds: 0 })).toBe(true);
  expect(filter({ users: 5, thinkTimeSeconds: 0 })).toBe(false);
  expect(filter({ users: 4, thinkTimeSeconds: 1 })).toBe(false);
  expect(() => parseCellFilter("users~4")).toThrow(expect.objectContaining({ code: "EXPRESSION_SYNTAX" }));
});

test("parseArrivals() reads rates, and how long requests arrive", () => {
  expect(parseArrivals("2,5..7")).toEqual({ rates: [2, 5, 6, 7] });
  expect(parseArrivals(" 0.5  seconds=600 ")).toEqual({ rates: [0.5], seconds: 600 });
  expect(parseArrivals("1 process=bursts:20/60 seconds=600")).toEqual({
    ...{ rates: [1], seconds: 600, process: "bursts:20/60" },
  });
});

test.each([
  "",
  "0,1",
  "a",
  "1 minutes=2",
  "1 seconds=0",
  "1 seconds=x",
  "1 2",
  "1 process=gamma",
  "0.1 process=bursts:20/60",
])("parseArrivals() refuses %j", (text) => {
  expect(() => parseArrivals(text)).toThrow(expect.objectContaining({ code: "MODEL_BAD_QUESTION" }));
});

test("parseNumbers() reads ranges and lists", () => {
  expect(parseNumbers("1..3,8,0.5")).toEqual([1, 2, 3, 8, 0.5]);
});

test.each([
  ["p95>2s", "EXPRESSION_VALUE", 4],
  ["success<=0.9", "EXPRESSION_VALUE", 8],
  ["errors>1%", "EXPRESSION_VALUE", 7],
  ["latency<2", "EXPRESSION_NAME", 1],
  ["p95", "EXPRESSION_SYNTAX", 4],
  ["p95<1.2.3s", "EXPRESSION_VALUE", 5],
  ["p95<90%", "EXPRESSION_VALUE", 5],
  ["p95<0", "EXPRESSION_VALUE", 5],
  ["p0<1s", "EXPRESSION_NAME", 1],
  ["success>=2", "EXPRESSION_VALUE", 10],
  ["success>=0", "EXPRESSION_VALUE", 10],
  ["success>1", "EXPRESSION_VALUE", 9],
  ["mean<2s and not p95<1s", "EXPRESSION_VALUE", 13],
  ["cell(users=4).p95<1s", "EXPRESSION_NAME", 1],
  ["think=0 and p95<1s", "EXPRESSION_NAME", 1],
])("parseGoal() refuses %j", (text, code, column) => {
  expect(() => parseGoal(text)).toThrow(
    expect.objectContaining({ code, exitCode: 2, context: expect.objectContaining({ column }) }),
  );
});

test.each([
  ["success>=0.99", true, false],
  ["success>99% and mean<2s", false, false],
  ["errors<=1%", true, false],
  ["errors<=10%", true, true],
  ["mean<2s", true, false],
  ["mean<1s or p95<=4s", true, true],
  ["p99<4s", false, false],
  ["p95<4s and (mean<0.1 or success>=0.9)", true, true],
])("parseGoal(%j): the estimate keeps it %s, the worse end %s", (text, best, sure) => {
  const prediction: Prediction = {
    users: 4,
    thinkTimeSeconds: 0,
    meanRoundTripSeconds: 1.5,
    interval: { low: 1, high: 2.5 },
    stdevSeconds: 1,
    meanUncutSeconds: 1.5,
    meanUncutInterval: { low: 1, high: 2.5 },
    successRate: 0.99,
    successRateInterval: { low: 0.95, high: 1 },
    throughputPerSecond: 2,
    throughputInterval: { low: 1, high: 3 },
    agreement: 1,
    percentiles: [],
    within: [{ seconds: 4, ratio: 0.97, interval: { low: 0.95, high: 0.98 } }],
  };
  const goal = parseGoal(text);
  expect([goal.holds(prediction, "best"), goal.holds(prediction, "sure")]).toEqual([best, sure]);
});

test("replicas contend within each host only: k hosts of c servers under k n requests do k times the work", () => {
  const one = { demandSeconds: 2, servers: 3, contention: 0.1 };
  const three = { ...one, servers: 9, replicas: 3 };
  for (const n of [1, 2, 3, 5]) expect(serviceRate(three, 3 * n)).toBeCloseTo(3 * serviceRate(one, n), 12);
  // Each runs alone on its host, so nothing slows it down.
  expect(serviceRate(three, 2)).toBe(1);
});

test("assumptionOf() says that more servers than cores need another host", () => {
  const facts = {
    processors: { secondsPerRequest: 0.5, cores: 2 },
    parameters: { demandSeconds: 0.5, servers: 2 },
  };
  expect(assumptionOf("servers=4", facts)).toBe(
    "4 servers keep 4.0 cores busy, but the function has 2: this asks about a host with more.",
  );
  expect(assumptionOf("servers*2", facts)).toContain("keep 4.0 cores busy");
  expect(assumptionOf("servers=2", facts)).toBeUndefined();
  expect(assumptionOf("servers=4")).toBeUndefined();
});
