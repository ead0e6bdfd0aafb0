import { expect, test } from "vitest";
import { unitOf } from "./time-unit.ts";

test.each([
  [0, "seconds"],
  [179, "seconds"],
  [180, "minutes"],
  [3 * 3600 - 1, "minutes"],
  [3 * 3600, "hours"],
])("unitOf(%d) is %s", (seconds, name) => {
  expect(unitOf(seconds).name).toBe(name);
});
