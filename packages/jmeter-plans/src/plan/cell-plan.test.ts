import { expect, test } from "vitest";
import { parseExperiment } from "../experiment/parse-experiment.ts";
import { experimentCells } from "../load/matrix.ts";
import { cellPlanOptions, cellStartRate } from "./cell-plan.ts";

const cell = { users: 4, thinkTimeSeconds: 0 };

test.each([
  ["a rate as it is written", "0.25/s", { ...cell, thinkTimeSeconds: 1 }, 0.25],
  ["all at once without a think time", "together", cell, undefined],
  ["over one constant think time", "together", { ...cell, thinkTimeSeconds: 2 }, 2],
  [
    "all at once with drawn think times, which part the users",
    "together",
    { ...cell, thinkTimeSeconds: 2, thinkTime: "exponential:2" },
    undefined,
  ],
  ["a single user at once", "together", { users: 1, thinkTimeSeconds: 2 }, undefined],
  [
    "clients that share a constant rate, one interval apart",
    "together",
    { ...cell, ratePerSecond: 10, process: "constant" as const },
    10,
  ],
  [
    "clients that share a drawn rate at once",
    "together",
    { ...cell, ratePerSecond: 10, process: "poisson" as const },
    undefined,
  ],
  [
    "clients that share bursts at once",
    "together",
    { ...cell, ratePerSecond: 10, process: "bursts:20/60" as const },
    undefined,
  ],
])("cellStartRate() starts %s", (_, start, condition, expected) => {
  expect(cellStartRate(start, condition)).toBe(expected);
});

test("each repetition of a cell draws other numbers, and the same ones again in another run of the experiment", () => {
  const experiment = parseExperiment(
    "name: a\nfunction: { url: 'http://127.0.0.1:1/' }\nrequest: { body: hello }\nload: { arrivals: { ratePerSecond: 5 }, durationSeconds: 10, repetitions: 3 }\n",
    "a.yaml",
  );
  const seeds = () => experimentCells(experiment).map((cell) => cellPlanOptions(experiment, cell, 2).seed);
  expect(new Set(seeds()).size).toBe(3);
  expect(seeds()).toEqual(seeds());
});
