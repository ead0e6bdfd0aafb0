import { expect, test } from "vitest";
import { cellFolderName, conditionKey } from "./condition.ts";

test.each([
  [1, 0, "u01-t0"],
  [4, 0.5, "u04-t0_5"],
  [100, 12.25, "u100-t12_25"],
])("%i users with think time %f s are %s, whatever else is measured", (users, thinkTimeSeconds, key) => {
  expect(conditionKey({ users, thinkTimeSeconds })).toBe(key);
  expect(cellFolderName({ users, thinkTimeSeconds }, 3)).toBe(`${key}-r3`);
});
