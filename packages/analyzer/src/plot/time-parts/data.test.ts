import { expect, test } from "vitest";
import type { CellSummary } from "../../summary/cell.ts";
import { stackedParts, TIME_PARTS } from "./data.ts";
import { timePartsFigure } from "./figure.ts";

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

test("a phone has every cell's name beside its bar, the first cell above", () => {
  const cells = [1, 2, 4, 8, 16, 32].map(
    (users): CellSummary => ({ ...cell({ mlSeconds: 0.1 * users }), users, thinkTimeSeconds: 5 }),
  );
  const [panel] = timePartsFigure(cells)?.narrow?.panels ?? [];
  expect(panel?.y).toMatchObject({
    names: ["32 × 5 s", "16 × 5 s", "8 × 5 s", "4 × 5 s", "2 × 5 s", "1 × 5 s"],
  });
  expect(panel?.layers[0]?.mark).toMatchObject({
    bars: expect.arrayContaining([expect.objectContaining({ place: 5, high: 0.1 })]),
  });
});
