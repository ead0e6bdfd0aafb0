import { expect, test } from "vitest";
import { experimentCells, parseExperiment } from "./index.ts";

const cells = (load: string) =>
  experimentCells(parseExperiment(`name: x\nload: {${load}}`, "x")).map((cell) => cell.name);

test("experimentCells() goes through users, think times and repetitions in the order of the file", () => {
  expect(cells("users: [2, 1], thinkTimeSeconds: [5, 0.5], repetitions: 2")).toEqual([
    ...["u02-t5-r1", "u01-t5-r1", "u02-t0_5-r1", "u01-t0_5-r1"],
    ...["u02-t5-r2", "u01-t5-r2", "u02-t0_5-r2", "u01-t0_5-r2"],
  ]);
});

test("experimentCells() names a condition the same in every experiment", () => {
  expect(cells("users: [100, 9], thinkTimeSeconds: 0")).toEqual(["u100-t0-r1", "u09-t0-r1"]);
});

test("the published experiment has 27 cells with distinct names", () => {
  const names = cells("users: [1, 2, 3, 4, 5, 6, 7, 8, 9], thinkTimeSeconds: [0, 1, 5]");
  expect([names.length, new Set(names).size]).toEqual([27, 27]);
});
