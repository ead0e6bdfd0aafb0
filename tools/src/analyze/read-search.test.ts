import { expect, it, test } from "vitest";
import { parseSearch } from "./read-search.ts";

const SEARCH = {
  schema: "slbench.find/1",
  ...{ goal: "p95<2s", for: "users", confidence: 0.95, tolerance: "5%" },
  criteria: [{ text: "p95<2s", kind: "time", limit: 2, quantile: 0.95 }],
  probes: [{ cell: "u01-t0-r1", load: 1, role: "bracket", seconds: 10, values: [0.5] }],
  curve: [],
};
const ANSWER = { verdict: "decided", load: 1, atLeast: 1, between: { low: 1 }, runs: 1, seconds: 10 };

it("reads what slbench find wrote", () => {
  expect(parseSearch(JSON.stringify(SEARCH))).toEqual(SEARCH);
  const answered = { ...SEARCH, answer: ANSWER };
  expect(parseSearch(JSON.stringify(answered))).toEqual(answered);
});

test.each([
  ["{", "it is not JSON"],
  [JSON.stringify({ ...SEARCH, schema: "slbench.find/9" }), "its schema is not slbench.find/1"],
  [JSON.stringify({ ...SEARCH, goal: undefined }), "goal is missing"],
  [JSON.stringify({ ...SEARCH, tolerance: "1; rm -rf" }), "tolerance is neither"],
  [JSON.stringify({ ...SEARCH, probes: [{ ...SEARCH.probes[0], role: "spy" }] }), "unknown role"],
  [
    JSON.stringify({ ...SEARCH, probes: [{ ...SEARCH.probes[0], values: [] }] }),
    "one value for each criterion",
  ],
  [JSON.stringify({ ...SEARCH, probes: [{ ...SEARCH.probes[0], values: ["<b>"] }] }), "probes[0].values[0]"],
  [JSON.stringify({ ...SEARCH, answer: { ...ANSWER, runs: undefined } }), "answer.runs is missing"],
])("names what is wrong with %s", (text, problem) => {
  expect(parseSearch(text)).toContain(problem);
});
