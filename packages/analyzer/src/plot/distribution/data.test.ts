import { describe, expect, test } from "vitest";
import { summarizeCell } from "../../summary/summarize-cell.ts";
import { testClient } from "../../testing/clients.ts";
import { PALETTE } from "../chart/palette.ts";
import { boxOf, cutCurve, distributionsOf, shareCurve, spread } from "./data.ts";
import { distributionFigures } from "./figure.ts";

test.each([1, 2, 7, 8, 9, 13, 14, 100, 300])(
  "spread() keeps the first and the last of %i, and no more than there are colours",
  (length) => {
    const values = Array.from({ length }, (_, index) => index);
    const drawn = spread(values);
    expect(drawn.length).toBeLessThanOrEqual(PALETTE.length);
    expect([drawn[0], drawn.at(-1)]).toEqual([0, length - 1]);
    if (length <= PALETTE.length) expect(drawn).toEqual(values);
  },
);

describe("distributionsOf()", () => {
  const clients = [testClient({ roundTrips: [1, 3, -5] }), testClient({ roundTrips: [2, 4] })];
  const cell = summarizeCell({ condition: { users: 2, thinkTimeSeconds: 1 }, clients });
  const idle = { ...cell, thinkTimeSeconds: 0 };

  test("has all round trips in order, failed ones too, and no think time without any", () => {
    const [own, ...more] = distributionsOf([
      { cell: idle, clients: [] },
      { cell, clients },
    ]);
    expect(more).toEqual([]);
    expect(own).toMatchObject({ think: 1, cellCount: 1 });
    expect([...(own?.drawn[0]?.sortedSeconds ?? [])]).toEqual([1, 2, 3, 4, 5]);
  });

  test("curves rise from the shortest at 0% to the longest at 100%, boxes hold quantiles of type 7", () => {
    const sorted = { users: 2, sortedSeconds: Float64Array.of(1, 2, 3, 4, 5), usualSeconds: 5 };
    const curve = shareCurve(sorted);
    expect([curve[0], curve[100], curve.at(-1)]).toEqual([
      [1, 0],
      [3, 50],
      [5, 100],
    ]);
    // NumPy: np.quantile([1, 2, 3, 4, 5], [.05, .25, .5, .75, .95])
    for (const [index, value] of [1.2, 2, 3, 4, 4.8].entries())
      expect(boxOf(sorted)[index]).toBeCloseTo(value, 12);
  });
});

test("cutCurve() ends a rising curve at the axis", () => {
  const curve = [
    [1, 0],
    [2, 50],
    [12, 100],
  ] as const;
  expect(cutCurve(curve, 12)).toEqual(curve);
  expect(cutCurve(curve, 4)).toEqual([
    [1, 0],
    [2, 50],
    [4, 60],
  ]);
  expect(cutCurve(curve, 0.5)).toEqual([]);
});

test("a few time-outs do not stretch the axis of any think time, and the caption counts them", () => {
  const roundTrips = Array.from({ length: 20 }, (_, index) => 1 + index / 20);
  const cellOf = (thinkTimeSeconds: number, timeouts: readonly number[]) => {
    const clients = [
      testClient({ thinkSeconds: thinkTimeSeconds, roundTrips: [...roundTrips, ...timeouts] }),
    ];
    return { cell: summarizeCell({ condition: { users: 1, thinkTimeSeconds }, clients }), clients };
  };
  const figures = distributionFigures([cellOf(0, []), cellOf(1, [-25, -25])]);
  const ends = figures.map(({ chart }) => chart.panels.map(({ x }) => ("max" in x ? x.max : undefined)));
  expect(new Set(ends.flat()).size).toBe(1);
  expect(ends[0]?.[0]).toBeLessThan(4);
  const [light, heavy] = figures.map(({ notes }) => notes.join(" "));
  expect(light).not.toContain("than the axis shows");
  expect(heavy).toContain("2 of 22 requests (9.1%) took longer than the axis shows, up to 25 s.");
  const [line] = figures[1]?.chart.panels[0]?.layers ?? [];
  expect(line?.mark.kind === "line" && line.mark.points.at(-1)?.[0]).toBe(ends[0]?.[0]);
});
