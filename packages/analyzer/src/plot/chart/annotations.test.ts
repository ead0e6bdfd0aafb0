import { expect, test } from "vitest";
import { spread } from "./annotations.ts";

test("spread() keeps labels a line apart, and within the panel", () => {
  expect(spread([0, 50, 100], 200)).toEqual([0, 50, 100]);
  expect(spread([10, 12, 13], 200)).toEqual([10, 24, 38]);
  expect(spread([195, 198, 200], 200)).toEqual([172, 186, 200]);
  expect(spread([], 200)).toEqual([]);
});
