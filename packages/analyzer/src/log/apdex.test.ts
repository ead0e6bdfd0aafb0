import { expect, test } from "vitest";
import { DEFAULT_APDEX_LIMITS } from "./apdex.ts";
import { LabelValues } from "./label-values.ts";

/** Samples by their time, and whether they succeeded. */
function valuesOf(...samples: readonly (readonly [elapsedMs: number, success: boolean, count: number])[]) {
  const values = new LabelValues("home");
  for (const [elapsedMs, success, count] of samples)
    values.add(0, elapsedMs, success ? "200" : "500", success, 0, "", count);
  return values;
}

const EXAMPLE = [
  [500, true, 60],
  [1500, true, 30],
  [1501, true, 5],
  [10, false, 5],
] as const;

test("failed samples are frustrated however fast, and JMeter's limits are inclusive", () => {
  // The example of the Apdex specification: (60 + 30 ÷ 2) ÷ 100.
  expect(valuesOf(...EXAMPLE).apdex(DEFAULT_APDEX_LIMITS)).toBe(0.75);
  expect(valuesOf().apdex(DEFAULT_APDEX_LIMITS)).toBeNaN();
});

test("other limits need no second reading", () => {
  const values = valuesOf(...EXAMPLE);
  expect(values.apdex({ satisfied: 1.5, tolerated: 2 })).toBe(0.9 + 0.05 / 2);
  expect(values.apdex({ satisfied: 0.005, tolerated: 0.01 })).toBe(0);
});

test("logs merged, and parts of one log, score as one", () => {
  const merged = valuesOf();
  merged.merge(valuesOf(...EXAMPLE.slice(0, 2)));
  const data = valuesOf(...EXAMPLE.slice(2)).toData();
  expect(data).toBeDefined();
  if (data !== undefined) merged.joinData(data);
  expect(merged.apdex(DEFAULT_APDEX_LIMITS)).toBe(0.75);
});
