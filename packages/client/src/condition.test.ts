import { expect, test } from "vitest";
import { cellFolderName, conditionKey, parseBursts } from "./condition.ts";

test.each([
  [1, 0, "u01-t0"],
  [4, 0.5, "u04-t0_5"],
  [100, 12.25, "u100-t12_25"],
])("%i users with think time %f s are %s, whatever else is measured", (users, thinkTimeSeconds, key) => {
  expect(conditionKey({ users, thinkTimeSeconds })).toBe(key);
  expect(cellFolderName({ users, thinkTimeSeconds }, 3)).toBe(`${key}-r3`);
});

test("parseBursts() reads requests, interval and length, and nothing else", () => {
  const bursts = { requests: 20, everySeconds: 60, withinSeconds: 1 };
  expect(parseBursts("bursts:20/60")).toEqual(bursts);
  expect(parseBursts("bursts:20/60/2.5")).toEqual({ ...bursts, withinSeconds: 2.5 });
  for (const text of [
    "poisson",
    "bursts:20",
    "bursts:20/0",
    "bursts:20/60/61",
    "bursts:-1/60",
    "bursts:2.5/60",
  ])
    expect(parseBursts(text)).toBeUndefined();
});
