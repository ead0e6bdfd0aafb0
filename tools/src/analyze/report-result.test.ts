import { expect, it } from "vitest";
import { renderWarnings } from "./report-result.ts";

const cell = (users: number) => ({ users, thinkTimeSeconds: 0 });
const busy = { code: "GENERATOR_BUSY", hint: "use another machine" };

it("prints a hint once, and the message of the first cell only", () => {
  const warnings = [
    { ...busy, cell: cell(1), message: "93% busy" },
    { code: "FEW_REQUESTS", cell: cell(1), message: "only 3 requests sent", hint: "send more" },
    { ...busy, cell: cell(2), message: "95% busy" },
    { ...busy, cell: cell(4), message: "97% busy" },
    { ...busy, cell: cell(4), message: "98% busy" },
  ];
  expect(renderWarnings(warnings)).toBe(`Warning GENERATOR_BUSY: 1 user, think time 0 s: 93% busy
  likewise: 2 users, think time 0 s; 4 users, think time 0 s
  use another machine
Warning FEW_REQUESTS: 1 user, think time 0 s: only 3 requests sent
  send more
`);
});

it("prints in full what is about one cell, or about no cell", () => {
  const warnings = [
    { ...busy, message: "worker 1 is busy" },
    { ...busy, message: "worker 2 is busy" },
    { ...busy, cell: cell(1), message: "93% busy" },
    { ...busy, cell: cell(1), message: "94% busy" },
  ];
  expect(renderWarnings(warnings).split("\n").slice(0, -1)).toEqual([
    "Warning GENERATOR_BUSY: worker 1 is busy",
    "Warning GENERATOR_BUSY: worker 2 is busy",
    "Warning GENERATOR_BUSY: 1 user, think time 0 s: 93% busy",
    "Warning GENERATOR_BUSY: 1 user, think time 0 s: 94% busy",
    "  use another machine",
  ]);
});

it("prints nothing without warnings", () => {
  expect(renderWarnings([])).toBe("");
});
