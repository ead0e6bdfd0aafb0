import { expect, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { stackedParts, TIME_PARTS } from "./data.ts";

const cell = (parts: Partial<NonNullable<CellSummary["parts"]>>) => ({ parts }) as CellSummary;

test("stackedParts() puts each part on top of the one before, per cell", () => {
  const stacked = stackedParts([
    cell({ mlSeconds: 1, handlerRestSeconds: 2, gatewaySeconds: 3, networkSeconds: 4, clientSeconds: 5 }),
    cell({ mlSeconds: 7 }),
  ]);
  expect(TIME_PARTS.map((part) => stacked[part][0])).toEqual([
    { low: 0, high: 1 },
    { low: 1, high: 3 },
    { low: 3, high: 6 },
    { low: 6, high: 10 },
    { low: 10, high: 15 },
  ]);
  // What is not known takes no room.
  expect(stacked.clientSeconds[1]).toEqual({ low: 7, high: 7 });
});
