import fc from "fast-check";
import { expect, test } from "vitest";
import { describeCondition } from "./condition.ts";
import {
  formatCount,
  formatDecimals,
  formatInteger,
  formatPercent,
  formatSeconds,
  formatUsers,
} from "./format.ts";

test.each([
  ["one user", formatUsers(1), "1 user"],
  ["no user", formatUsers(0), "0 users"],
  ["several clients", formatCount(3, "client"), "3 clients"],
  ["a percentage without a space", formatPercent(0.9951), "99.5%"],
  ["all of it", formatPercent(1), "100.0%"],
  ["a whole percentage", formatPercent(0.128, 0), "13%"],
  ["three decimals", formatDecimals(1.23456), "1.235"],
  ["two digits of a small value", formatDecimals(0.000318), "0.00032"],
  ["zero", formatDecimals(0), "0.000"],
  ["seconds as measured", formatSeconds(0.25), "0.25 s"],
  ["seconds with fixed digits", formatSeconds(0.25, 3), "0.250 s"],
  ["a condition of one user", describeCondition({ users: 1, thinkTimeSeconds: 1 }), "1 user, think time 1 s"],
  ["a condition", describeCondition({ users: 2, thinkTimeSeconds: 0.5 }), "2 users, think time 0.5 s"],
])("formats %s", (_, text, expected) => {
  expect(text).toBe(expected);
});

test("formatInteger() separates thousands as the system does", () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (count) => {
      expect(formatInteger(count)).toBe(count.toLocaleString("en"));
    }),
  );
  expect(formatInteger(12345.6789)).toBe("12,345.6789");
});
