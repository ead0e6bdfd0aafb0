import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["1s", 1],
  ["1m30s", 90],
  ["500ms", 0.5],
  ["1.5h", 5400],
  ["2us", 2e-6],
  ["", undefined],
  ["10", undefined],
  ["-1s", undefined],
  ["1s ", undefined],
  ["soon", undefined],
])("parseDuration(%j) is %j, as Go's time.ParseDuration", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});
