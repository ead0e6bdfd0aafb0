import { describe, expect, it, test } from "vitest";
import { serviceRate } from "../station/parameters.ts";
import { parseGoal } from "./max-users.ts";
import { parseCellFilter, parseConditions, parseNumbers } from "./questions.ts";

describe("parseConditions()", () => {
  it("goes through users first, then think times", () => {
    expect(parseConditions("users=1..2,5 think=0,1")).toEqual(
      [1, 2, 5].flatMap((users) => [0, 1].map((thinkTimeSeconds) => ({ users, thinkTimeSeconds }))),
    );
  });

  test.each(["", "think=1", "users=0", "users=1.5", "users=4..1", "clients=3", "users=a"])(
    "refuses %j",
    (text) => {
      expect(() => parseConditions(text)).toThrow(expect.objectContaining({ code: "MODEL_BAD_QUESTION" }));
    },
  );
});

test("parseCellFilter() joins conditions", () => {
  const filter = parseCellFilter("users<=4 and think=0");
  expect(filter({ users: 4, thinkTimeSeconds: 0 })).toBe(true);
  expect(filter({ users: 5, thinkTimeSeconds: 0 })).toBe(false);
  expect(filter({ users: 4, thinkTimeSeconds: 1 })).toBe(false);
  expect(() => parseCellFilter("users~4")).toThrow(expect.objectContaining({ code: "MODEL_BAD_QUESTION" }));
});

test("parseNumbers() reads ranges and lists", () => {
  expect(parseNumbers("1..3,8,0.5")).toEqual([1, 2, 3, 8, 0.5]);
});

test.each(["p95>2s", "success<=0.9", "latency<2", "p95", "p95<1.2.3s", "success>=2", "success>=0"])(
  "parseGoal() refuses %j",
  (text) => {
    expect(() => parseGoal(text)).toThrow(expect.objectContaining({ code: "MODEL_BAD_QUESTION" }));
  },
);

test("replicas contend within each host only: k hosts of c servers under k n requests do k times the work", () => {
  const one = { demandSeconds: 2, servers: 3, contention: 0.1 };
  const three = { ...one, servers: 9, replicas: 3 };
  for (const n of [1, 2, 3, 5]) expect(serviceRate(three, 3 * n)).toBeCloseTo(3 * serviceRate(one, n), 12);
  // Each alone on its host: nobody to contend with.
  expect(serviceRate(three, 2)).toBe(1);
});
