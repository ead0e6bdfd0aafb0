import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { experimentCells, parseExperiment } from "../index.ts";

const cells = (load: string) =>
  experimentCells(parseExperiment(`name: x\nload: {${load}}`, "x")).map((cell) => cell.name);
const paper = fileURLToPath(new URL("../../../../tools/examples/paper.yaml", import.meta.url));

test("experimentCells() goes through users, think times and repetitions in the order of the file", () => {
  expect(cells("users: [2, 1], thinkTimeSeconds: [5, 0.5], repetitions: 2")).toEqual([
    ...["u02-t5-r1", "u01-t5-r1", "u02-t0_5-r1", "u01-t0_5-r1"],
    ...["u02-t5-r2", "u01-t5-r2", "u02-t0_5-r2", "u01-t0_5-r2"],
  ]);
});

test("experimentCells() names a condition the same in every experiment", () => {
  expect(cells("users: [100, 9], thinkTimeSeconds: 0, repetitions: 1")).toEqual(["u100-t0-r1", "u09-t0-r1"]);
});

test("experimentCells() names distributions and rates, and shares a rate between the workers", () => {
  expect(
    cells("users: 4, thinkTimeSeconds: [exponential:1, 'uniform:0.5..1.5', 'idle:60/10'], repetitions: 1"),
  ).toEqual([...["u04-texponential1-r1", "u04-tuniform0_5-1_5-r1", "u04-tidle60-10-r1"]]);
  const open =
    "name: x\nload: {repetitions: 1, arrivals: {ratePerSecond: [2.5, 10], process: constant}}\njmeter: {localWorkers: 3}";
  const found = experimentCells(parseExperiment(open, "x"));
  expect(found.map(({ name }) => name)).toEqual(["r02_5-r1", "r10-r1"]);
  expect(found[0]).toMatchObject({ users: 3, ratePerSecond: 2.5, process: "constant", thinkTimeSeconds: 0 });
});

test("experimentCells() keeps the mean of a drawn think time", () => {
  const text = "name: x\nload: {users: 1..3, thinkTimeSeconds: uniform:0.5..1.5, repetitions: 1}";
  const found = experimentCells(parseExperiment(text, "x"));
  expect(found.map(({ users }) => users)).toEqual([1, 2, 3]);
  expect(found[0]).toMatchObject({ thinkTimeSeconds: 1, thinkTime: "uniform:0.5..1.5" });
});

test("experimentCells() keeps the mean of pauses, and limits the pause to a day", () => {
  const text = (idle: string) =>
    `name: x\nload: {users: 1, thinkTimeSeconds: 'idle:${idle}', repetitions: 1}`;
  expect(experimentCells(parseExperiment(text("60/10"), "x"))[0]).toMatchObject({
    ...{ thinkTimeSeconds: 6, thinkTime: "idle:60/10" },
  });
  expect(() => parseExperiment(text("86401/10"), "x")).toThrow("idle:60/10");
});

test("the published experiment has 27 cells with distinct names, run once, started at 0.25/s", () => {
  const experiment = parseExperiment(readFileSync(paper, "utf8"), paper);
  const names = experimentCells(experiment).map(({ name }) => name);
  expect([names.length, new Set(names).size]).toEqual([27, 27]);
  expect(experiment.load).toMatchObject({ requestsPerUser: 37, start: "0.25/s", repetitions: 1 });
});

test("experiments run each cell three times unless they say otherwise", () => {
  expect(cells("users: 1")).toEqual(["u01-t0-r1", "u01-t0-r2", "u01-t0-r3"]);
});
