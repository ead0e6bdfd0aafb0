import { expect, test } from "vitest";
import { describeArrivals } from "./condition.ts";

test.each([
  [undefined, "poisson"],
  ["constant", "constant"],
  ["bursts:20/60", "bursts of 20 every 60 s"],
  ["bursts:5/0.5/0.1", "bursts of 5 every 0.5 s"],
] as const)("describeArrivals(%j) is %s", (process, words) => {
  expect(describeArrivals(process)).toBe(words);
});
